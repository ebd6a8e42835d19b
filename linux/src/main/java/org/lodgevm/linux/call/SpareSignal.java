package org.lodgevm.linux.call;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

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

    private static final MethodHandle SIGACTION_CALL =
            LibC.function("sigaction", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    /** Linked by those who need them. */
    private static final class Masks {
        static final MethodHandle SIGADDSET = LibC.function("sigaddset", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle PTHREAD_SIGMASK =
                LibC.function("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    private static final long PROCESS = ProcessHandle.current().pid();

    /** Takes one. @param handler the address of a C function of one int */
    public static SpareSignal handledBy(MemorySegment handler, Interrupted interrupted) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION);
            for (int signal = FIRST; signal <= LAST; signal++) {
                action(arena, signal, MemorySegment.NULL, action);
                if (action.get(ADDRESS, HANDLER).equals(MemorySegment.NULL)) {
                    action.fill((byte) 0);
                    action.set(ADDRESS, HANDLER, handler);
                    action.set(JAVA_INT, FLAGS, interrupted.flag);
                    action(arena, signal, action, MemorySegment.NULL);
                    return new SpareSignal(signal);
                }
            }
        }
        throw new IllegalStateException("every real-time signal from %d to %d is in use in this process".formatted(FIRST, LAST));
    }

    /** Gives it back: it has no handler any more. */
    public void release() {
        try (Arena arena = Arena.ofConfined()) {
            action(arena, number, arena.allocate(SIGACTION), MemorySegment.NULL);
        }
    }

    private static void action(Arena arena, int signal, MemorySegment action, MemorySegment before) {
        MemorySegment errno = LibC.errnoIn(arena);
        try {
            LibC.check("sigaction", LibC.outcome((int) SIGACTION_CALL.invokeExact(errno, signal, action, before), errno));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Lets it through to the calling thread. */
    void unblock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = LibC.errnoIn(arena);
            MemorySegment set = arena.allocate(SIGSET_BYTES, Long.BYTES);
            int _ = (int) Masks.SIGADDSET.invokeExact(errno, set, number);
            int _ = (int) Masks.PTHREAD_SIGMASK.invokeExact(errno, SIG_UNBLOCK, set, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new AssertionError(e);
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
