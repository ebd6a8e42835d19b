package org.lodgevm.linux.call;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.lodgevm.machine.HostFunction;

/**
 * A real-time signal that nobody else in this process handles, and a handler for it. The handler is machine code: an upcall into Java
 * from a signal handler would end the JVM.
 *
 * @param number the signal's
 */
public record SpareSignal(int number) {
    /** Below are those that the C library and the JVM keep for themselves. Source: signal(7). */
    private static final int FIRST = 40;

    private static final int LAST = 60;

    /** What a system call does when the handler returns. Source: sigaction(2). */
    public enum Interrupted {
        /** It fails with EINTR. */
        RETURNS(0),
        /** It goes on, if it is one that can. */
        GOES_ON(0x1000_0000);

        private final int flag;

        Interrupted(int flag) {
            this.flag = flag;
        }
    }

    private static final int SIG_UNBLOCK = 1;
    private static final int SIGSET_BYTES = 128;

    /** The C library's {@code struct sigaction}, glibc's and musl's, on x86-64. */
    private static final StructLayout SIGACTION = MemoryLayout.structLayout(
            ADDRESS.withName("sa_handler"),
            MemoryLayout.sequenceLayout(SIGSET_BYTES, JAVA_BYTE).withName("sa_mask"),
            JAVA_INT.withName("sa_flags"),
            MemoryLayout.paddingLayout(4),
            ADDRESS.withName("sa_restorer"));

    private static final long HANDLER = SIGACTION.byteOffset(groupElement("sa_handler"));
    private static final long FLAGS = SIGACTION.byteOffset(groupElement("sa_flags"));

    private static final HostFunction SIGACTION_CALL = HostFunction.named("sigaction");
    private static final HostFunction SIGADDSET = HostFunction.named("sigaddset");
    private static final HostFunction PTHREAD_SIGMASK = HostFunction.named("pthread_sigmask");

    private static final long PROCESS = ProcessHandle.current().pid();

    /** Takes one. @param handler the address of a C function of one int */
    public static synchronized SpareSignal handledBy(MemorySegment handler, Interrupted interrupted) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION);
            for (int signal = FIRST; signal <= LAST; signal++) {
                action(signal, MemorySegment.NULL, action);
                if (action.get(ADDRESS, HANDLER).equals(MemorySegment.NULL)) {
                    action.fill((byte) 0);
                    action.set(ADDRESS, HANDLER, handler);
                    action.set(JAVA_INT, FLAGS, interrupted.flag);
                    action(signal, action, MemorySegment.NULL);
                    return new SpareSignal(signal);
                }
            }
        }
        throw new IllegalStateException("every real-time signal from %d to %d is in use in this process".formatted(FIRST, LAST));
    }

    /** Gives it back: it has no handler any more. */
    public void release() {
        try (Arena arena = Arena.ofConfined()) {
            action(number, arena.allocate(SIGACTION), MemorySegment.NULL);
        }
    }

    private static void action(int signal, MemorySegment action, MemorySegment before) {
        LibC.check("sigaction", SIGACTION_CALL.callInt(signal, action.address(), before.address()));
    }

    /** Lets it through to the calling thread. */
    void unblock() {
        try (Arena arena = Arena.ofConfined()) {
            long set = arena.allocate(SIGSET_BYTES, Long.BYTES).address();
            SIGADDSET.callInt(set, number);
            PTHREAD_SIGMASK.callInt(SIG_UNBLOCK, set, 0);
        }
    }

    /** Sends it to a thread of this process. @return false when the thread has ended */
    public boolean send(int thread) {
        long result = LibC.trySystemCall(SystemCall.TGKILL, PROCESS, thread, number);
        if (result == -Errno.ESRCH) {
            return false;
        }
        LibC.check("tgkill", result);
        return true;
    }
}
