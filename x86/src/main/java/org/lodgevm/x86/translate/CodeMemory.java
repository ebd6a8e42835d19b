package org.lodgevm.x86.translate;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.lodgevm.machine.HostMemory;

/**
 * Memory for host machine code: the same pages mapped twice, once to write and once to execute, so that no address is ever
 * both. Hosts that forbid memory which is writable and executable have nothing to object to.
 */
final class CodeMemory implements AutoCloseable {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_SHARED = 1;
    private static final int MFD_CLOEXEC = 1;
    private static final int PROBE_BYTES = 4096;

    private final long bytes;
    private final long writable;
    private final long executable;
    private boolean closed;

    private CodeMemory(long bytes, long writable, long executable) {
        this.bytes = bytes;
        this.writable = writable;
        this.executable = executable;
    }

    /** Why this host has none, or null. */
    static String unavailable() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return "the translator makes x86-64 code, and this host's processor is " + System.getProperty("os.arch");
        }
        if (!System.getProperty("os.name").equals("Linux")) {
            return "the translator needs Linux to get executable memory, and this is " + System.getProperty("os.name");
        }
        try {
            allocate(PROBE_BYTES).close();
            return null;
        } catch (HostRefusal e) {
            return e.getMessage();
        }
    }

    /**
     * @throws HostRefusal naming the call that failed
     */
    static CodeMemory allocate(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Calls.CAPTURED);
            int fd = (int) Calls.MEMFD_CREATE.invokeExact(errno, arena.allocateFrom("lodge-code"), MFD_CLOEXEC);
            check(fd, "memfd_create", errno);
            check((int) Calls.FTRUNCATE.invokeExact(errno, fd, bytes), "ftruncate", errno);
            long write = (long) Calls.MMAP.invokeExact(errno, 0L, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0L);
            check(write, "mmap of writable memory", errno);
            long execute = (long) Calls.MMAP.invokeExact(errno, 0L, bytes, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0L);
            check(execute, "mmap of executable memory", errno);
            int unused = (int) Calls.CLOSE.invokeExact(errno, fd);
            return new CodeMemory(bytes, write, execute);
        } catch (HostRefusal e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("a call of the C library", e);
        }
    }

    private static void check(long result, String call, MemorySegment errno) {
        if (result == -1) {
            throw new HostRefusal("the host gives no executable memory: %s failed with errno %d"
                    .formatted(call, (int) Calls.ERRNO.get(errno, 0L)));
        }
    }

    long bytes() {
        return bytes;
    }

    /** Where the code runs, and may be read. */
    long address() {
        return executable;
    }

    /** Puts code where it will run from. */
    void write(long address, byte[] code) {
        MemorySegment.copy(code, 0, HostMemory.segment(address - executable + writable, code.length),
                ValueLayout.JAVA_BYTE, 0, code.length);
    }

    /** The same with what is at another address. */
    void write(long address, long from, int length) {
        HostMemory.copy(from, address - executable + writable, length);
    }

    void write64(long address, long value) {
        HostMemory.put64(address - executable + writable, value);
    }

    /** Replaces four bytes, which are aligned or not executed meanwhile. */
    void write32(long address, int value) {
        HostMemory.put32(address - executable + writable, value);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Calls.CAPTURED);
            int unused = (int) Calls.MUNMAP.invokeExact(errno, writable, bytes);
            unused = (int) Calls.MUNMAP.invokeExact(errno, executable, bytes);
        } catch (Throwable e) {
            throw new LinkageError("munmap", e);
        }
    }

    /** The host does not let us. */
    static final class HostRefusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        HostRefusal(String message) {
            super(message);
        }
    }

    /** The C library's functions, looked up when they are first needed. */
    private static final class Calls {
        static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

        static final MethodHandle MEMFD_CREATE = of("memfd_create", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT));
        static final MethodHandle FTRUNCATE = of("ftruncate", FunctionDescriptor.of(INT, INT, LONG));
        static final MethodHandle MMAP = of("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
        static final MethodHandle MUNMAP = of("munmap", FunctionDescriptor.of(INT, LONG, LONG));
        static final MethodHandle CLOSE = of("close", FunctionDescriptor.of(INT, INT));

        private static MethodHandle of(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
        }
    }
}
