package org.lodgevm.linux.confine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;

/** Limits of a process's resources, which it cannot raise again. Source: setrlimit(2), Linux's include/uapi/asm-generic/resource.h. */
final class Limits {
    private static final int RLIMIT_CORE = 4;
    private static final int RLIMIT_NOFILE = 7;
    private static final int RLIMIT_MEMLOCK = 8;
    private static final int RLIMIT_MSGQUEUE = 12;
    private static final int RLIMIT_NICE = 13;
    private static final int RLIMIT_RTPRIO = 14;

    /** A machine has no use for them. A dump of the process would have the guest's memory in it. */
    private static final List<Integer> NONE = List.of(RLIMIT_CORE, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, RLIMIT_NICE, RLIMIT_RTPRIO);

    private Limits() {}

    static void lower() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(JAVA_LONG, 2); // soft, hard
            NONE.forEach(resource -> LibC.systemCall(SystemCall.PRLIMIT64, 0, resource, limit.address(), 0));
            LibC.systemCall(SystemCall.PRLIMIT64, 0, RLIMIT_NOFILE, 0, limit.address());
            limit.setAtIndex(JAVA_LONG, 1, limit.getAtIndex(JAVA_LONG, 0));
            LibC.systemCall(SystemCall.PRLIMIT64, 0, RLIMIT_NOFILE, limit.address(), 0);
        }
    }
}
