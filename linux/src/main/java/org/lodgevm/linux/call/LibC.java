package org.lodgevm.linux.call;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's functions on descriptors, mappings, signals and processes. Source: the pages of the manual's section 2 that bear
 * their names.
 *
 * <p>What starts with {@code try} returns the negative error number when the kernel refuses, as the kernel itself does; all others throw.
 */
public final class LibC {
    public static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int LONGEST_TEXT = 256;
    private static final String ARCHITECTURE = "amd64";

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL = function("syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    /** Linked by those who need them: that takes milliseconds for each. */
    private static final class Files {
        static final MethodHandle OPEN =
                function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
        static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static final class Devices {
        static final MethodHandle IOCTL =
                function("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(2));
        static final MethodHandle MMAP = function("mmap",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle MUNMAP = function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    private static final class Errors {
        static final MethodHandle STRERROR = functionWithoutError("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    private LibC() {}

    /** Null where these calls work, else one sentence that says why not. */
    public static String unavailable() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "the host runs %s, not Linux".formatted(System.getProperty("os.name"));
        }
        if (!System.getProperty("os.arch").equals(ARCHITECTURE)) {
            return "the host's processor is %s, not x86-64".formatted(System.getProperty("os.arch"));
        }
        return null;
    }

    /** A function of the C library that leaves its error in errno; its first parameter receives that. */
    static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(address(name), descriptor, all);
    }

    /** A function of the C library whose error nobody wants to know. */
    static MethodHandle functionWithoutError(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(address(name), descriptor);
    }

    /** Where a function of the C library is. */
    public static MemorySegment address(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    /** What receives the error number of calls by one thread. */
    public static MemorySegment errnoIn(Arena arena) {
        return arena.allocate(CAPTURE);
    }

    /** @param result a call's */
    static long outcome(long result, MemorySegment errno) {
        return result == -1 ? -(int) ERRNO.get(errno, 0L) : result;
    }

    /** Turns a negative error number into an exception. */
    public static long check(String call, long result) {
        if (result < 0) {
            throw failure(call, (int) -result);
        }
        return result;
    }

    public static HostCallException failure(String call, int errno) {
        return new HostCallException(call, errno, text(errno));
    }

    private static String text(int errno) {
        try {
            return ((MemorySegment) Errors.STRERROR.invokeExact(errno)).reinterpret(LONGEST_TEXT).getString(0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** @return a descriptor */
    public static int open(String path, int flags) {
        return (int) check("open " + path, tryOpen(path, flags));
    }

    private static int tryOpen(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = errnoIn(arena);
            return (int) outcome((int) Files.OPEN.invokeExact(errno, arena.allocateFrom(path), flags | O_CLOEXEC), errno);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    public static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) Files.CLOSE.invokeExact(errnoIn(arena), descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** @param errno of {@link #errnoIn}; for a thread that calls often */
    public static int tryIoctl(MemorySegment errno, int descriptor, long request, long argument) {
        try {
            return (int) outcome((int) Devices.IOCTL.invokeExact(errno, descriptor, request, argument), errno);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    public static int tryIoctl(int descriptor, long request, long argument) {
        try (Arena arena = Arena.ofConfined()) {
            return tryIoctl(errnoIn(arena), descriptor, request, argument);
        }
    }

    /** Maps the first bytes of a descriptor for reading and writing, shared with the kernel. Unmapped with the arena. */
    public static MemorySegment map(int descriptor, long size, Arena arena) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = errnoIn(call);
            long address = check("mmap", outcome(
                    (long) Devices.MMAP.invokeExact(errno, 0L, size, PROT_READ_WRITE, MAP_SHARED, descriptor, 0L), errno));
            return MemorySegment.ofAddress(address).reinterpret(size, arena, memory -> unmap(memory.address(), size));
        } catch (HostCallException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void unmap(long address, long size) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) Devices.MUNMAP.invokeExact(errnoIn(arena), address, size);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** A system call by its number, with up to six arguments. */
    public static long trySystemCall(SystemCall call, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = errnoIn(arena);
            return outcome((long) SYSCALL.invokeExact(errno, call.number(), argument(arguments, 0), argument(arguments, 1),
                    argument(arguments, 2), argument(arguments, 3), argument(arguments, 4), argument(arguments, 5)), errno);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static long argument(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }

    public static long systemCall(SystemCall call, long... arguments) {
        return check(call.toString(), trySystemCall(call, arguments));
    }
}
