package org.lodgevm.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;

/**
 * A function of the host's C library, or machine code by its conventions, whose parameters and result are integers and addresses.
 *
 * <p>All of them are called as if they had seven parameters of 64 bits: processors of 64 bits pass those in registers or above the caller's frame, where a
 * function looks for no more than it has, and of each at no more than its width. To link another type of function takes the JVM a millisecond or more,
 * at each start.
 *
 * @param code where it begins
 */
public record HostFunction(MemorySegment code) {
    private static final int PARAMETERS = 7;

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    /** A function of the C library. @throws java.util.NoSuchElementException if it has none of that name */
    public static HostFunction named(String name) {
        return new HostFunction(LINKER.defaultLookup().findOrThrow(name));
    }

    /** A function of the C library, if it has one of that name. */
    public static Optional<HostFunction> find(String name) {
        return LINKER.defaultLookup().find(name).map(HostFunction::new);
    }

    /** What receives the error number of calls by one thread, for those who call often. */
    public static MemorySegment errnoIn(Arena arena) {
        return arena.allocate(CAPTURE);
    }

    /**
     * Calls a function that returns an {@code int}.
     *
     * @param arguments seven at most
     * @return its result, or the negative error number for -1
     */
    public int callInt(long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = errnoIn(arena);
            return outcome((int) call(errno, arguments), errno);
        }
    }

    /** The same with three arguments. @param errno of {@link #errnoIn} */
    public int callInt(MemorySegment errno, long first, long second, long third) {
        return outcome((int) call(errno, first, second, third, 0, 0, 0, 0), errno);
    }

    /**
     * Calls a function that returns 64 bits.
     *
     * @param arguments seven at most
     * @return its result, or the negative error number for -1
     */
    public long callLong(long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = errnoIn(arena);
            long result = call(errno, arguments);
            return result == -1 ? outcome(-1, errno) : result;
        }
    }

    private long call(MemorySegment errno, long... arguments) {
        long[] all = Arrays.copyOf(arguments, PARAMETERS);
        return call(errno, all[0], all[1], all[2], all[3], all[4], all[5], all[6]);
    }

    private long call(MemorySegment errno, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) CALL.invokeExact(code, errno, a, b, c, d, e, f, g);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static int outcome(int result, MemorySegment errno) {
        return result == -1 ? -(int) ERRNO.get(errno, 0L) : result;
    }
}
