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
 * A signal that makes a thread's system call return with EINTR and does nothing else.
 *
 * <p>It is the first real-time signal that nobody in this process handles. Its handler is a function of the C library that may be called
 * from a handler and has no effect: an upcall into Java from a signal handler would end the JVM.
 */
public final class ThreadSignal {
    /** Below are those that the C library and the JVM keep for themselves. Source: signal(7). */
    private static final int FIRST = 40;

    private static final int LAST = 60;
    private static final String HARMLESS = "getpid";
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

    private static final MethodHandle SIGACTION_CALL =
            LibC.function("sigaction", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SIGADDSET = LibC.function("sigaddset", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle PTHREAD_SIGMASK =
            LibC.function("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private static final long PROCESS = ProcessHandle.current().pid();

    private final int number;

    private ThreadSignal(int number) {
        this.number = number;
    }

    private static final class Installed {
        static final ThreadSignal ONLY = install();
    }

    /** The process's; installed when first asked for. */
    public static ThreadSignal installed() {
        return Installed.ONLY;
    }

    private static ThreadSignal install() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = LibC.errnoIn(arena);
            MemorySegment action = arena.allocate(SIGACTION);
            for (int signal = FIRST; signal <= LAST; signal++) {
                call("sigaction", (int) SIGACTION_CALL.invokeExact(errno, signal, MemorySegment.NULL, action), errno);
                if (action.get(ADDRESS, HANDLER).equals(MemorySegment.NULL)) {
                    action.fill((byte) 0); // no SA_RESTART: the call is to return
                    action.set(ADDRESS, HANDLER, LibC.address(HARMLESS));
                    call("sigaction", (int) SIGACTION_CALL.invokeExact(errno, signal, action, MemorySegment.NULL), errno);
                    return new ThreadSignal(signal);
                }
            }
            throw new IllegalStateException("every real-time signal from %d to %d is in use in this process".formatted(FIRST, LAST));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void call(String name, int result, MemorySegment errno) {
        LibC.check(name, LibC.outcome(result, errno));
    }

    /** The number of the calling thread, which is ready to be signalled from now on. */
    public int receiver() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = LibC.errnoIn(arena);
            MemorySegment set = arena.allocate(SIGSET_BYTES, Long.BYTES);
            int _ = (int) SIGADDSET.invokeExact(errno, set, number);
            int _ = (int) PTHREAD_SIGMASK.invokeExact(errno, SIG_UNBLOCK, set, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        return (int) LibC.systemCall(SystemCall.GETTID);
    }

    /** Interrupts a thread's system call. Nothing happens when the thread has ended. */
    public void send(int thread) {
        long result = LibC.trySystemCall(SystemCall.TGKILL, PROCESS, thread, number);
        if (result < 0 && result != -Errno.ESRCH) {
            LibC.check("tgkill", result);
        }
    }
}
