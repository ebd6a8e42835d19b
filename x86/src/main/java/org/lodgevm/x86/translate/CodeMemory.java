package org.lodgevm.x86.translate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lodgevm.machine.HostFunction;
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
        int fd = (int) check("memfd_create", createFile());
        try {
            check("ftruncate", Calls.FTRUNCATE.callInt(fd, bytes));
            long write = check("mmap of writable memory", map(fd, bytes, PROT_READ | PROT_WRITE));
            long execute = check("mmap of executable memory", map(fd, bytes, PROT_READ | PROT_EXEC));
            return new CodeMemory(bytes, write, execute);
        } finally {
            Calls.CLOSE.callInt(fd); // the mappings keep it
        }
    }

    private static int createFile() {
        try (Arena arena = Arena.ofConfined()) {
            return Calls.MEMFD_CREATE.callInt(arena.allocateFrom("lodge-code").address(), MFD_CLOEXEC);
        }
    }

    private static long map(int fd, long bytes, int protection) {
        return Calls.MMAP.callLong(0, bytes, protection, MAP_SHARED, fd, 0);
    }

    /** @param result a call's, or its negative error number */
    private static long check(String call, long result) {
        if (result < 0) {
            throw new HostRefusal("the host gives no executable memory: %s failed with errno %d".formatted(call, -result));
        }
        return result;
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
        Calls.MUNMAP.callInt(writable, bytes);
        Calls.MUNMAP.callInt(executable, bytes);
    }

    /** The host does not let us. */
    static final class HostRefusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        HostRefusal(String message) {
            super(message);
        }
    }

    /** Not looked for on another system. */
    private static final class Calls {
        static final HostFunction MEMFD_CREATE = HostFunction.named("memfd_create");
        static final HostFunction FTRUNCATE = HostFunction.named("ftruncate");
        static final HostFunction MMAP = HostFunction.named("mmap");
        static final HostFunction MUNMAP = HostFunction.named("munmap");
        static final HostFunction CLOSE = HostFunction.named("close");
    }
}
