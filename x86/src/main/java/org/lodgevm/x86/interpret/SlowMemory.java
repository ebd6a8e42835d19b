package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get64;

import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.paging.PageWalker;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/**
 * Memory accesses that the TLB does not answer: misses, devices, accesses over a page boundary, writes to pages that
 * hold decoded code, watched pages.
 */
final class SlowMemory {
    private static final long PAGE = ~0xfffL;
    private static final int XMM = 16;
    private static final int YMM = 32;

    private SlowMemory() {}

    static long read(Cpu c, long la, int size, int segment) {
        check(c, la, size, segment);
        c.breakpoints.access(la, size, false);
        if (crossesPage(la, size)) {
            c.mmu.translate(la, PageWalker.READ, c.regime);
            c.mmu.translate(after(c, la, size - 1) & PAGE, PageWalker.READ, c.regime);
            long value = 0;
            for (int i = 0; i < size; i++) {
                value |= readWithin(c, after(c, la, i), 1) << 8 * i;
            }
            return value;
        }
        return readWithin(c, la, size);
    }

    private static long readWithin(Cpu c, long la, int size) {
        long host = c.mmu.translate(la, PageWalker.READ, c.regime);
        return host != Mmu.DEVICE ? Linear.load(host, size) : readDevice(c, c.mmu.physical(), size);
    }

    static void write(Cpu c, long la, int size, int segment, long value) {
        check(c, la, size, segment);
        c.breakpoints.access(la, size, true);
        if (crossesPage(la, size)) {
            // both pages are checked before a byte is written
            prepareWrite(c, la, size);
            for (int i = 0; i < size; i++) {
                writeWithin(c, after(c, la, i), 1, value >>> 8 * i & 0xff);
            }
        } else {
            writeWithin(c, la, size, value);
        }
    }

    private static void prepareWrite(Cpu c, long la, int size) {
        int first = withinPage(la, size);
        c.mmu.translate(la, PageWalker.WRITE, c.regime);
        c.code.beforeWrite(c, c.mmu.physical(), first);
        if (first != size) {
            c.mmu.translate(after(c, la, size - 1) & PAGE, PageWalker.WRITE, c.regime);
            c.code.beforeWrite(c, c.mmu.physical(), size - first);
        }
    }

    private static void writeWithin(Cpu c, long la, int size, long value) {
        long host = c.mmu.translate(la, PageWalker.WRITE, c.regime);
        long physical = c.mmu.physical();
        if (host == Mmu.DEVICE) {
            writeDevice(c, physical, size, value);
            return;
        }
        c.code.beforeWrite(c, physical, size);
        Linear.store(host, size, value);
        c.code.afterWrite(physical, size);
    }

    static long readForWrite(Cpu c, long la, int size, int segment) {
        check(c, la, size, segment);
        c.breakpoints.access(la, size, true);
        prepareWrite(c, la, size);
        c.rmwHost = 0;
        c.rmwLinear = la;
        long e = c.tlb + Tlb.entry(la);
        if (get64(e + Tlb.WRITE) == (la + (size - 1) & PAGE)) {
            c.rmwHost = la + get64(e + Tlb.ADDEND);
            return Linear.load(c.rmwHost, size);
        }
        if (!crossesPage(la, size)) {
            return readWithin(c, la, size);
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= readWithin(c, after(c, la, i), 1) << 8 * i;
        }
        return value;
    }

    static void finishWrite(Cpu c, int size, long value) {
        if (!crossesPage(c.rmwLinear, size)) {
            writeWithin(c, c.rmwLinear, size, value);
            return;
        }
        for (int i = 0; i < size; i++) {
            writeWithin(c, after(c, c.rmwLinear, i), 1, value >>> 8 * i & 0xff);
        }
    }

    /** Of these sizes only a whole vector has an alignment of its own: 16 bytes, however long it is. */
    private static void checkVector(Cpu c, long la, int size) {
        if (size == XMM || size == YMM) {
            checkAlignment(c, la, XMM);
        }
    }

    static void readBytes(Cpu c, long la, long host, int size, int segment) {
        checkCanonical(c, la, size, segment);
        checkVector(c, la, size);
        c.breakpoints.access(la, size, false);
        int first = withinPage(la, size);
        readPart(c, la, host, first);
        if (first != size) {
            readPart(c, after(c, la, first), host + first, size - first);
        }
    }

    /** Within a page. */
    private static void readPart(Cpu c, long la, long host, int size) {
        long from = c.mmu.translate(la, PageWalker.READ, c.regime);
        if (from != Mmu.DEVICE) {
            HostMemory.copy(from, host, size);
            return;
        }
        long physical = c.mmu.physical();
        for (int i = 0; i < size; ) {
            int width = deviceAccess(physical + i, size - i);
            Linear.store(host + i, width, readDevice(c, physical + i, width));
            i += width;
        }
    }

    static void writeBytes(Cpu c, long la, long host, int size, int segment) {
        checkCanonical(c, la, size, segment);
        checkVector(c, la, size);
        checkWrite(c, la, size, segment);
        int first = withinPage(la, size);
        writePart(c, la, host, first);
        if (first != size) {
            writePart(c, after(c, la, first), host + first, size - first);
        }
    }

    /** Within a page, after {@link #prepareWrite}. */
    private static void writePart(Cpu c, long la, long host, int size) {
        long to = c.mmu.translate(la, PageWalker.WRITE, c.regime);
        long physical = c.mmu.physical();
        if (to != Mmu.DEVICE) {
            HostMemory.copy(host, to, size);
            c.code.afterWrite(physical, size);
            return;
        }
        for (int i = 0; i < size; ) {
            int width = deviceAccess(physical + i, size - i);
            writeDevice(c, physical + i, width, Linear.load(host + i, width));
            i += width;
        }
    }

    private static long readDevice(Cpu c, long gpa, int size) {
        long value = c.bus.read(gpa, size);
        if (c.tracer.io) {
            c.tracer.memory(gpa, size, value, false);
        }
        return value;
    }

    private static void writeDevice(Cpu c, long gpa, int size, long value) {
        if (c.tracer.io) {
            c.tracer.memory(gpa, size, value, true);
        }
        c.bus.write(gpa, size, value);
    }

    /** The widest aligned access to a device by which so many bytes can be moved, or begun to be. */
    private static int deviceAccess(long physical, int size) {
        int aligned = (int) Math.min(Long.lowestOneBit(physical | 8), 8);
        return Math.min(aligned, Integer.highestOneBit(size));
    }

    /** Does all that could keep a write from succeeding, so that it may then be done in pieces. Up to a page in size. */
    static void checkWrite(Cpu c, long la, int size, int segment) {
        checkCanonical(c, la, size, segment);
        c.breakpoints.access(la, size, true);
        prepareWrite(c, la, size);
    }

    /** The address of a byte further on; that of 16- and 32-bit code wraps at 4 GiB. */
    private static long after(Cpu c, long la, int bytes) {
        return c.code64 || la >>> 32 != 0 ? la + bytes : la + bytes & 0xffff_ffffL;
    }

    /** How many of the bytes are in the first one's page. */
    private static int withinPage(long la, int size) {
        return Math.min(size, 0x1000 - (int) (la & 0xfff));
    }

    /** The host address for an atomic update, after all checks for writing; 0 if it lies over two pages or is not RAM. */
    static long atomicHost(Cpu c, long la, int size, int segment) {
        check(c, la, size, segment);
        c.breakpoints.access(la, size, true);
        if (crossesPage(la, size)) {
            prepareWrite(c, la, size);
            return 0;
        }
        long host = c.mmu.translate(la, PageWalker.WRITE, c.regime);
        c.code.beforeWrite(c, c.mmu.physical(), size);
        return host;
    }

    static boolean crossesPage(long la, int size) {
        return (la & 0xfff) + size > 0x1000;
    }

    private static void check(Cpu c, long la, int size, int segment) {
        checkCanonical(c, la, size, segment);
        checkAlignment(c, la, size);
    }

    static void checkAlignment(Cpu c, long la, int alignment) {
        if (c.alignmentCheck && (la & alignment - 1) != 0 && c.mmu.canonical(la)) {
            throw c.fault(Vector.AC, 0);
        }
    }

    private static void checkCanonical(Cpu c, long la, int size, int segment) {
        if (c.longMode && !(c.mmu.canonical(la) && c.mmu.canonical(la + size - 1))) {
            throw c.fault(segment == Segment.SS ? Vector.SS : Vector.GP, 0);
        }
    }

    /** Alignment is checked at CPL 3 with CR0.AM and RFLAGS.AC set; every access then has to take the slow path. */
    static boolean alignmentChecked(Cpu c) {
        return c.cpl == 3 && (c.cr0 & Cr.CR0_AM) != 0 && (c.flagsOther & Rflags.AC) != 0;
    }
}
