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

    /** Soft, hard. */
    private final MemorySegment none;
    /** The same: as many files as may be open now. */
    private final MemorySegment files;

    private Limits(MemorySegment none, MemorySegment files) {
        this.none = none;
        this.files = files;
    }

    /** What it will have. */
    static Limits ofProcess() {
        Arena arena = Arena.ofAuto();
        MemorySegment files = arena.allocate(JAVA_LONG, 2);
        LibC.systemCall(SystemCall.PRLIMIT64, 0, RLIMIT_NOFILE, 0, files.address());
        files.setAtIndex(JAVA_LONG, 1, files.getAtIndex(JAVA_LONG, 0));
        return new Limits(arena.allocate(JAVA_LONG, 2), files);
    }

    void lower() {
        for (int resource : NONE) {
            LibC.systemCall(SystemCall.PRLIMIT64, 0, resource, none.address(), 0);
        }
        LibC.systemCall(SystemCall.PRLIMIT64, 0, RLIMIT_NOFILE, files.address(), 0);
    }
}
