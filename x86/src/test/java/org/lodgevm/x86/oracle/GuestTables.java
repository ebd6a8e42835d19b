package org.lodgevm.x86.oracle;

import java.util.List;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;

/** Page tables and descriptor tables of the guest, in its physical memory. */
final class GuestTables {
    /** Flags of a page table entry. @sdm 3A:4.5.4 */
    static final long PRESENT = 1;

    static final long WRITABLE = 1 << 1;
    static final long USER = 1 << 2;
    static final long NO_EXECUTE = 1L << 63;

    private static final long ACCESSED_AND_DIRTY = 1 << 5 | 1 << 6;
    private static final long FRAME = 0xF_FFFF_FFFF_F000L;
    private static final int LEVELS = 4;

    /** A segment whose limit is the number of the CPU: read-only, and expanding down. */
    private static final long CPU_NUMBER = 0x0040_F500_0000_0000L;

    /** Linux's segments, as far as ring 3 can tell them. */
    private static final long[] GDT = {
        0,
        0x00CF_9B00_0000_FFFFL,
        0x00AF_9B00_0000_FFFFL,
        0x00CF_9300_0000_FFFFL,
        0x00CF_FB00_0000_FFFFL,
        0x00CF_F300_0000_FFFFL,
        0x00AF_FB00_0000_FFFFL,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        CPU_NUMBER,
    };

    static final int KERNEL_CODE = 0x10;
    static final int KERNEL_DATA = 0x18;
    static final int GDT_BYTES = 8 * GDT.length;
    static final int IDT_BYTES = 256 * 16;
    static final int TSS_BYTES = 104;
    private static final int TSS_RSP0 = 4;
    private static final int TSS_IO_MAP = 102;
    private static final long INTERRUPT_GATE = 0x8E;
    private static final long RING_3 = 0x60;

    private final GuestMemory memory;
    private final long root;
    private long nextTable;

    /**
     * @param root where the page tables begin
     */
    GuestTables(GuestMemory memory, long root) {
        this.memory = memory;
        this.root = root;
        nextTable = root + Layout.PAGE;
    }

    /** Maps pages; {@code flags} beside {@link #PRESENT}. */
    void map(long va, long gpa, long bytes, long flags) {
        for (long offset = 0; offset < bytes; offset += Layout.PAGE) {
            long table = root;
            for (int level = LEVELS; level > 1; level--) {
                table = below(entry(table, va + offset, level));
            }
            put(entry(table, va + offset, 1), gpa + offset | flags | PRESENT | ACCESSED_AND_DIRTY);
        }
    }

    private static long entry(long table, long va, int level) {
        return table + 8 * (va >>> 12 + 9 * (level - 1) & 0x1FF);
    }

    private long below(long entry) {
        long value = HostMemory.get64(host(entry));
        if ((value & PRESENT) == 0) {
            value = nextTable | PRESENT | WRITABLE | USER | ACCESSED_AND_DIRTY;
            nextTable += Layout.PAGE;
            put(entry, value);
        }
        return value & FRAME;
    }

    void gdt(long gpa) {
        for (int i = 0; i < GDT.length; i++) {
            put(gpa + 8 * i, GDT[i]);
        }
    }

    /** The segments that cases may use; the table's size in bytes. */
    static int ldtBytes() {
        return 8 * Descriptors.LDT.size();
    }

    void ldt(long gpa) {
        List<Descriptors.Segment> segments = Descriptors.LDT;
        for (int i = 0; i < segments.size(); i++) {
            put(gpa + 8L * i, segments.get(i).descriptor());
        }
    }

    /** Gates for all vectors, of which ring 3 may call INT3 and INTO only, as under Linux. */
    void idt(long gpa, GuestRunner kernel) {
        for (int vector = 0; vector < 256; vector++) {
            long handler = kernel.handler(vector);
            long type = INTERRUPT_GATE | (vector == 3 || vector == 4 ? RING_3 : 0);
            put(
                    gpa + 16 * vector,
                    handler & 0xFFFF
                            | (long) KERNEL_CODE << 16
                            | type << 40
                            | (handler >>> 16 & 0xFFFF) << 48);
            put(gpa + 16 * vector + 8, handler >>> 32);
        }
    }

    void tss(long gpa, long stack) {
        HostMemory.put64(host(gpa + TSS_RSP0), stack);
        HostMemory.put16(host(gpa + TSS_IO_MAP), TSS_BYTES);
    }

    private void put(long gpa, long value) {
        HostMemory.put64(host(gpa), value);
    }

    private long host(long gpa) {
        return memory.slot(gpa).host(gpa);
    }
}
