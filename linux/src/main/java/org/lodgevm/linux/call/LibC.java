package org.lodgevm.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.machine.HostFunction;

/**
 * The C library's functions on descriptors, mappings, signals and processes. Source: the pages of the manual's section 2 that bear
 * their names.
 *
 * <p>What starts with {@code try} returns the negative error number when the kernel refuses, as the kernel itself does; all others throw.
 */
public final class LibC {
    public static final int O_RDWR = 2;
    public static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private static final int LONGEST_TEXT = 256;
    private static final String ARCHITECTURE = "amd64";

    /** Not looked for on another system. */
    private static final class Functions {
        static final HostFunction SYSCALL = HostFunction.named("syscall");
        static final HostFunction OPEN = HostFunction.named("open");
        static final HostFunction CLOSE = HostFunction.named("close");
        static final HostFunction IOCTL = HostFunction.named("ioctl");
        static final HostFunction MMAP = HostFunction.named("mmap");
        static final HostFunction MUNMAP = HostFunction.named("munmap");
        static final HostFunction STRERROR = HostFunction.named("strerror");
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
        return MemorySegment.ofAddress(Functions.STRERROR.callLong(errno)).reinterpret(LONGEST_TEXT).getString(0);
    }

    /** @return a descriptor */
    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) check("open " + path, Functions.OPEN.callInt(arena.allocateFrom(path).address(), flags | O_CLOEXEC));
        }
    }

    public static void close(int descriptor) {
        Functions.CLOSE.callInt(descriptor);
    }

    /** @param errno of {@link HostFunction#errnoIn}; for a thread that calls often */
    public static int tryIoctl(MemorySegment errno, int descriptor, long request, long argument) {
        return Functions.IOCTL.callInt(errno, descriptor, request, argument);
    }

    public static int tryIoctl(int descriptor, long request, long argument) {
        return Functions.IOCTL.callInt(descriptor, request, argument);
    }

    /** Maps bytes of a descriptor for reading and writing, shared with the kernel. Unmapped with the arena. */
    public static MemorySegment map(int descriptor, long offset, long size, Arena arena) {
        long address = check("mmap", Functions.MMAP.callLong(0, size, PROT_READ_WRITE, MAP_SHARED, descriptor, offset));
        return MemorySegment.ofAddress(address).reinterpret(size, arena, memory -> Functions.MUNMAP.callInt(address, size));
    }

    /** A system call by its number, with up to six arguments. */
    public static long trySystemCall(SystemCall call, long... arguments) {
        long[] all = new long[arguments.length + 1];
        all[0] = call.number();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Functions.SYSCALL.callLong(all);
    }

    public static long systemCall(SystemCall call, long... arguments) {
        return check(call.toString(), trySystemCall(call, arguments));
    }
}
