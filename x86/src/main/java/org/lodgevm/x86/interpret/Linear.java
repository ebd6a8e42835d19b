package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;
import static org.lodgevm.machine.HostMemory.put8;

import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.paging.Tlb;

/**
 * Guest memory by linear address: the inline TLB check in front, {@link SlowMemory} behind it.
 *
 * <p>The entry is chosen by the first byte and the tag compared with the page of the last, so that an access over a page
 * boundary misses. Narrow values are zero-extended. The {@code segment} argument only decides between #GP and #SS for a
 * non-canonical address.
 *
 * <p>A read-modify-write goes {@code readForWrite}, then {@code finishWrite}: the first checks everything that could
 * fault, the second cannot fail.
 */
final class Linear {
    private static final long PAGE = ~0xfffL;

    private Linear() {}

    static int read8(Cpu c, long la, int segment) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.READ) == (la & PAGE)) {
            return get8(la + get64(e + Tlb.ADDEND));
        }
        return (int) SlowMemory.read(c, la, 1, segment);
    }

    static int read16(Cpu c, long la, int segment) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.READ) == (la + 1 & PAGE)) {
            return get16(la + get64(e + Tlb.ADDEND));
        }
        return (int) SlowMemory.read(c, la, 2, segment);
    }

    static int read32(Cpu c, long la, int segment) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.READ) == (la + 3 & PAGE)) {
            return get32(la + get64(e + Tlb.ADDEND));
        }
        return (int) SlowMemory.read(c, la, 4, segment);
    }

    static long read64(Cpu c, long la, int segment) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.READ) == (la + 7 & PAGE)) {
            return get64(la + get64(e + Tlb.ADDEND));
        }
        return SlowMemory.read(c, la, 8, segment);
    }

    static void write8(Cpu c, long la, int segment, int value) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.WRITE) == (la & PAGE)) {
            put8(la + get64(e + Tlb.ADDEND), value);
        } else {
            SlowMemory.write(c, la, 1, segment, value);
        }
    }

    static void write16(Cpu c, long la, int segment, int value) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.WRITE) == (la + 1 & PAGE)) {
            put16(la + get64(e + Tlb.ADDEND), value);
        } else {
            SlowMemory.write(c, la, 2, segment, value);
        }
    }

    static void write32(Cpu c, long la, int segment, int value) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.WRITE) == (la + 3 & PAGE)) {
            put32(la + get64(e + Tlb.ADDEND), value);
        } else {
            SlowMemory.write(c, la, 4, segment, value);
        }
    }

    static void write64(Cpu c, long la, int segment, long value) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.WRITE) == (la + 7 & PAGE)) {
            put64(la + get64(e + Tlb.ADDEND), value);
        } else {
            SlowMemory.write(c, la, 8, segment, value);
        }
    }

    static long read(Cpu c, long la, int size, int segment) {
        return switch (size) {
            case 1 -> read8(c, la, segment);
            case 2 -> read16(c, la, segment);
            case 4 -> read32(c, la, segment) & 0xffff_ffffL;
            default -> read64(c, la, segment);
        };
    }

    static void write(Cpu c, long la, int size, int segment, long value) {
        switch (size) {
            case 1 -> write8(c, la, segment, (int) value);
            case 2 -> write16(c, la, segment, (int) value);
            case 4 -> write32(c, la, segment, (int) value);
            default -> write64(c, la, segment, value);
        }
    }

    /**
     * Reads a value that will be written back: rights and presence are checked for writing. Leaves in {@link Cpu#rmwHost}
     * the host address, or 0 where {@link #finishWrite} has to take the slow path.
     */
    static long readForWrite(Cpu c, long la, int size, int segment) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.WRITE) == (la + (size - 1) & PAGE)) {
            long host = la + get64(e + Tlb.ADDEND);
            c.rmwHost = host;
            return load(host, size);
        }
        return SlowMemory.readForWrite(c, la, size, segment);
    }

    static void finishWrite(Cpu c, int size, long value) {
        long host = c.rmwHost;
        if (host != 0) {
            store(host, size, value);
        } else {
            SlowMemory.finishWrite(c, size, value);
        }
    }

    static long load(long host, int size) {
        return switch (size) {
            case 1 -> get8(host);
            case 2 -> get16(host);
            case 4 -> get32(host) & 0xffff_ffffL;
            default -> get64(host);
        };
    }

    static void store(long host, int size, long value) {
        switch (size) {
            case 1 -> put8(host, (int) value);
            case 2 -> put16(host, (int) value);
            case 4 -> put32(host, (int) value);
            default -> put64(host, value);
        }
    }

    /** Reads {@code size} bytes (up to a few hundred) into host memory. */
    static void readBytes(Cpu c, long la, long host, int size, int segment) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.READ) == (la + (size - 1) & PAGE)) {
            move(la + get64(e + Tlb.ADDEND), host, size);
        } else {
            SlowMemory.readBytes(c, la, host, size, segment);
        }
    }

    /** Writes {@code size} bytes from host memory; all or, on a fault, none. */
    static void writeBytes(Cpu c, long la, long host, int size, int segment) {
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.WRITE) == (la + (size - 1) & PAGE)) {
            move(host, la + get64(e + Tlb.ADDEND), size);
        } else {
            SlowMemory.writeBytes(c, la, host, size, segment);
        }
    }

    private static void move(long from, long to, int size) {
        if (size == 16) {
            put64(to, get64(from));
            put64(to + 8, get64(from + 8));
        } else if (size == 32) {
            move(from, to, 16);
            move(from + 16, to + 16, 16);
        } else {
            HostMemory.copy(from, to, size);
        }
    }
}
