package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Cr.CR0_CD;
import static org.lodgevm.x86.state.Cr.CR0_DEFINED;
import static org.lodgevm.x86.state.Cr.CR0_ET;
import static org.lodgevm.x86.state.Cr.CR0_NW;
import static org.lodgevm.x86.state.Cr.CR0_PE;
import static org.lodgevm.x86.state.Cr.CR0_PG;
import static org.lodgevm.x86.state.Cr.CR0_WP;
import static org.lodgevm.x86.state.Cr.CR3_NO_FLUSH;
import static org.lodgevm.x86.state.Cr.CR4_LA57;
import static org.lodgevm.x86.state.Cr.CR4_PAE;
import static org.lodgevm.x86.state.Cr.CR4_PCIDE;
import static org.lodgevm.x86.state.Cr.CR4_PGE;
import static org.lodgevm.x86.state.Cr.CR4_PSE;
import static org.lodgevm.x86.state.Cr.CR4_SMAP;
import static org.lodgevm.x86.state.Cr.CR4_SMEP;
import static org.lodgevm.x86.state.Cr.CR4_UMIP;
import static org.lodgevm.x86.state.Cr.EFER_LMA;
import static org.lodgevm.x86.state.Cr.EFER_LME;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.paging.PageWalker;
import org.lodgevm.x86.state.Cr;

/** Control registers, descriptor-table registers and translation invalidation. @sdm 2.5, 4.10.4 */
final class SystemRegisters {
    private static final long CR4_FLUSHING = CR4_PSE | CR4_PAE | CR4_PGE | CR4_PCIDE | CR4_SMEP | CR4_SMAP | CR4_LA57;

    private SystemRegisters() {}

    static void unitsChanged(Cpu c) {
        Units.changed(c);
    }

    static void checkUmip(Cpu c) {
        if ((c.cr4 & CR4_UMIP) != 0 && c.cpl > 0) {
            throw c.protection();
        }
    }

    // --- control registers -------------------------------------------------------------------------------------------------

    static void movControl(Cpu c, Op o) {
        boolean write = o.instruction.row().operand(0).method() == AddressingMethod.C;
        if (!write) {
            c.register(o.rm, wide(c), readControl(c, o.instruction.register(1)));
            return;
        }
        long value = c.register(o.rm, wide(c));
        switch (o.instruction.register(0)) {
            case 0 -> writeCr0(c, value);
            case 2 -> c.cr2 = value;
            case 3 -> writeCr3(c, value);
            case 4 -> writeCr4(c, value);
            case 8 -> {
                if ((value & ~15L) != 0) {
                    throw c.protection();
                }
                c.interrupts.taskPriority((int) value);
            }
            default -> throw c.undefined();
        }
    }

    /** Whatever the operand size, control and debug registers move as a whole. */
    private static int wide(Cpu c) {
        return c.code64 ? 8 : 4;
    }

    private static long readControl(Cpu c, int number) {
        return switch (number) {
            case 0 -> c.cr0;
            case 2 -> c.cr2;
            case 3 -> c.cr3;
            case 4 -> c.cr4;
            case 8 -> c.interrupts.taskPriority();
            default -> throw c.undefined();
        };
    }

    static void writeCr0(Cpu c, long value) {
        long v = value & CR0_DEFINED | CR0_ET;
        boolean pe = (v & CR0_PE) != 0;
        boolean pg = (v & CR0_PG) != 0;
        boolean turnsOn = pg && (c.cr0 & CR0_PG) == 0;
        boolean turnsOff = !pg && (c.cr0 & CR0_PG) != 0;
        if (value >>> 32 != 0 || pg && !pe || (v & CR0_NW) != 0 && (v & CR0_CD) == 0) {
            throw c.protection();
        }
        if (turnsOn && (c.efer & EFER_LME) != 0
                && ((c.cr4 & CR4_PAE) == 0 || c.segments[Segment.CS].longCode() || c.tr.type() == Segment.SYSTEM_TSS16_BUSY)) {
            throw c.protection();
        }
        if (turnsOff && (c.code64 || (c.cr4 & CR4_PCIDE) != 0)) {
            throw c.protection();
        }
        if (pg && (c.cr4 & CR4_PAE) != 0 && (c.efer & EFER_LME) == 0 && (turnsOn || changes(c.cr0, v, CR0_CD | CR0_NW))
                && !c.mmu.walker.loadPdptes(c.cr3)) {
            throw c.protection();
        }
        boolean flush = changes(c.cr0, v, CR0_PG | CR0_WP | CR0_PE);
        boolean leavesReal = pe && (c.cr0 & CR0_PE) == 0;
        c.cr0 = v;
        if (turnsOn && (c.efer & EFER_LME) != 0) {
            c.efer |= EFER_LMA;
        } else if (turnsOff) {
            c.efer &= ~EFER_LMA;
        }
        if (leavesReal) {
            c.cpl = 0;
        }
        c.updatePaging();
        if (flush) {
            c.flushTlb(true);
        }
        unitsChanged(c);
        c.updateMode();
    }

    private static boolean changes(long before, long after, long bits) {
        return ((before ^ after) & bits) != 0;
    }

    private static void writeCr3(Cpu c, long value) {
        boolean named = (c.cr4 & CR4_PCIDE) != 0;
        boolean keep = named && (value & CR3_NO_FLUSH) != 0;
        long v = keep ? value & ~CR3_NO_FLUSH : value;
        if (c.longMode && v >>> PageWalker.PHYSICAL_BITS != 0) {
            throw c.protection();
        }
        if (c.mmu.walker.usesPdpteRegisters() && !c.mmu.walker.loadPdptes(v)) {
            throw c.protection();
        }
        c.cr3 = v;
        c.updatePaging();
        c.enterAddressSpace(named ? (int) (v & Cr.CR3_PCID) : 0, keep);
    }

    /** As a task switch loads it. */
    static void setCr3(Cpu c, long value) {
        writeCr3(c, value);
    }

    private static void writeCr4(Cpu c, long value) {
        if ((value & ~c.cpuid.cr4Allowed()) != 0) {
            throw c.protection();
        }
        boolean pcideOn = (value & CR4_PCIDE) != 0 && (c.cr4 & CR4_PCIDE) == 0;
        if (c.longMode && (changes(c.cr4, value, CR4_LA57) || (value & CR4_PAE) == 0)
                || pcideOn && (!c.longMode || (c.cr3 & Cr.CR3_PCID) != 0)) {
            throw c.protection();
        }
        if ((c.cr0 & CR0_PG) != 0 && !c.longMode && (value & CR4_PAE) != 0
                && changes(c.cr4, value, CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP) && !c.mmu.walker.loadPdptes(c.cr3)) {
            throw c.protection();
        }
        boolean flush = changes(c.cr4, value, CR4_FLUSHING);
        c.cr4 = value;
        c.updatePaging();
        if (flush) {
            c.flushTlb(true);
        }
        unitsChanged(c);
        c.updateMode();
    }

    /** PE can be set with it but not cleared. */
    static void lmsw(Cpu c, Op o) {
        int value = o.instruction.isMemory() ? Linear.read16(c, o.linear(c, 2, false), o.segment)
                : (int) c.r[o.rm];
        long low = value & 0xf | c.cr0 & CR0_PE;
        writeCr0(c, c.cr0 & ~0xfL | low);
    }

    static void smsw(Cpu c, Op o) {
        checkUmip(c);
        if (o.instruction.isMemory()) {
            Linear.write16(c, o.linear(c, 2, true), o.segment, (int) c.cr0);
        } else {
            c.register(o.rm, o.instruction.opSize(), c.cr0);
        }
    }

    static void clts(Cpu c, Op o) {
        c.cr0 &= ~Cr.CR0_TS;
        unitsChanged(c);
    }

    // --- descriptor tables -------------------------------------------------------------------------------------------------

    private static void loadTable(Cpu c, Op o, boolean gdt) {
        int limit = Linear.read16(c, o.linear(c, 2, false), o.segment);
        long base;
        if (c.code64) {
            base = Linear.read64(c, o.linear(c, 2, 8, false), o.segment);
            if (!Mmu.canonicalBase(base)) {
                throw c.protection();
            }
        } else {
            base = Linear.read32(c, o.linear(c, 2, 4, false), o.segment)
                    & (o.instruction.opSize() == 2 ? 0xff_ffffL : 0xffff_ffffL);
        }
        if (gdt) {
            c.gdtBase = base;
            c.gdtLimit = limit;
        } else {
            c.idtBase = base;
            c.idtLimit = limit;
        }
    }

    static void lgdt(Cpu c, Op o) {
        loadTable(c, o, true);
    }

    static void lidt(Cpu c, Op o) {
        loadTable(c, o, false);
    }

    private static void storeTable(Cpu c, Op o, long base, int limit) {
        checkUmip(c);
        int size = c.code64 ? 8 : 4;
        long at = o.linear(c, 2, size, true);
        // the base's place is checked before the limit is written
        Linear.readForWrite(c, at, size, o.segment);
        Linear.write16(c, o.linear(c, 2, true), o.segment, limit);
        Linear.write(c, at, size, o.segment, base);
    }

    static void sgdt(Cpu c, Op o) {
        storeTable(c, o, c.gdtBase, c.gdtLimit);
    }

    static void sidt(Cpu c, Op o) {
        storeTable(c, o, c.idtBase, c.idtLimit);
    }

    // --- translations and caches -------------------------------------------------------------------------------------------

    static void invlpg(Cpu c, Op o) {
        long offset = o.effective(c);
        long linear = c.code64 ? offset + c.r[o.segmentBase]
                : c.segments[o.segment].base + offset & 0xffff_ffffL;
        if (!c.code64 || c.mmu.canonical(linear)) {
            c.flushPage(linear);
        }
    }

    static void invpcid(Cpu c, Op o) {
        long type = c.register(o.reg, c.code64 ? 8 : 4);
        long descriptor = Linear.read64(c, o.linear(c, 16, false), o.segment);
        long linear = Linear.read64(c, o.linear(c, 8, 8, false), o.segment);
        long pcid = descriptor & Cr.CR3_PCID;
        boolean named = type == 0 || type == 1;
        if (Long.compareUnsigned(type, 3) > 0 || descriptor >>> 12 != 0
                || named && pcid != 0 && (c.cr4 & CR4_PCIDE) == 0 || type == 0 && !Mmu.canonicalBase(linear)) {
            throw c.protection();
        }
        switch ((int) type) {
            case 0 -> {
                c.mmu.tlb.flushPage(linear, (int) pcid);
                c.flushPage(linear);
            }
            case 1 -> c.flushPcid((int) pcid);
            default -> c.flushTlb(type == 2);
        }
    }

    static void invd(Cpu c, Op o) {
        // memory is coherent: there is no cache to lose
    }

    static void wbinvd(Cpu c, Op o) {
        // nor one to write back
    }

    static void wbnoinvd(Cpu c, Op o) {
        wbinvd(c, o);
    }

    /** Flushing a line has no effect but the faults of reading it. */
    static void clflush(Cpu c, Op o) {
        Linear.read8(c, o.linear(c, 1, false), o.segment);
    }

    static void clflushopt(Cpu c, Op o) {
        clflush(c, o);
    }

    static void clwb(Cpu c, Op o) {
        clflush(c, o);
    }

    // --- debug registers ---------------------------------------------------------------------------------------------------

    static void movDebug(Cpu c, Op o) {
        boolean write = o.instruction.row().operand(0).method() == AddressingMethod.D;
        int number = o.instruction.register(write ? 0 : 1);
        c.breakpoints.checkAccess(number);
        if (write) {
            c.breakpoints.write(number, c.register(o.rm, wide(c)));
        } else {
            c.register(o.rm, wide(c), c.breakpoints.read(number));
        }
    }
}
