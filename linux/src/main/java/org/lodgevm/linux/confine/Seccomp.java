package org.lodgevm.linux.confine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;

/** The kernel's filter of system calls, for all threads at once. Source: seccomp(2). */
final class Seccomp {
    /** Answers of a filter. */
    static final int KILL_PROCESS = 0x8000_0000;

    static final int ALLOW = 0x7fff_0000;
    private static final int ERRNO = 0x5_0000;

    private static final int SET_MODE_FILTER = 1;
    private static final int GET_ACTION_AVAIL = 2;
    private static final int FILTER_FLAG_TSYNC = 1;

    private static final StructLayout SOCK_FPROG = MemoryLayout.structLayout(
            JAVA_SHORT.withName("len"), MemoryLayout.paddingLayout(6), ADDRESS.withName("filter"));

    private Seccomp() {}

    /** The answer by which a call fails. */
    static int refuse(int errno) {
        return ERRNO | errno;
    }

    /** Null where the kernel has it, else why not. */
    static String unavailable() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocateFrom(JAVA_INT, KILL_PROCESS);
            long result = LibC.trySystemCall(SystemCall.SECCOMP, GET_ACTION_AVAIL, 0, action.address());
            return result == 0 ? null : result == -Errno.ENOSYS || result == -Errno.EINVAL
                    ? "the kernel was built without it"
                    : LibC.failure("seccomp", (int) -result).getMessage();
        }
    }

    /** From now on every call of every thread, also of those to come, passes the filter. Needs {@code no_new_privs}. */
    static void install(FilterProgram filter) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = filter.bytes();
            MemorySegment instructions = arena.allocate(bytes.length, Long.BYTES).copyFrom(MemorySegment.ofArray(bytes));
            MemorySegment program = arena.allocate(SOCK_FPROG);
            program.set(JAVA_SHORT, SOCK_FPROG.byteOffset(PathElement.groupElement("len")), (short) filter.length());
            program.set(ADDRESS, SOCK_FPROG.byteOffset(PathElement.groupElement("filter")), instructions);
            long result = LibC.systemCall(SystemCall.SECCOMP, SET_MODE_FILTER, FILTER_FLAG_TSYNC, program.address());
            if (result > 0) {
                throw new IllegalStateException("thread %d of this process has a filter of its own".formatted(result));
            }
        }
    }
}
