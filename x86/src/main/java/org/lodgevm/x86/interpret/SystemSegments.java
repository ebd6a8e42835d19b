package org.lodgevm.x86.interpret;

import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.state.Vector;

/** LDTR and TR, and the instructions that tell what a descriptor permits. @sdm 3A:3.5, 3A:5.10 */
final class SystemSegments {
    private SystemSegments() {}

    static void sldt(Cpu c, Op o) {
        SystemRegisters.checkUmip(c);
        SegmentRegisters.storeSelector(c, o, c.ldtr.selector);
    }

    static void str(Cpu c, Op o) {
        SystemRegisters.checkUmip(c);
        SegmentRegisters.storeSelector(c, o, c.tr.selector);
    }

    /** A system descriptor; 16 bytes in IA-32e mode, of which bits 63:32 of the base come from the second half. */
    private static long systemDescriptor(Cpu c, int selector, Segment register, int expected, int alternative) {
        int error = selector & Segmentation.INDEX_AND_TABLE;
        long at = (selector & Segmentation.TABLE_LDT) != 0 ? -1 : Segmentation.descriptorAddress(c, selector, c.longMode ? 16 : 8);
        if (at == -1) {
            throw c.fault(Vector.GP, error);
        }
        long d = Segmentation.readSystem(c, at);
        long high = c.longMode ? Segmentation.readSystem(c, at + 8) : 0;
        if (!Descriptor.system(d) || Descriptor.type(d) != expected && Descriptor.type(d) != alternative
                || (high >>> 32 & 0x1f00) != 0) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.NP, error);
        }
        long base = Descriptor.base(d) | high << 32;
        if (c.longMode && !Mmu.canonicalBase(base)) {
            throw c.fault(Vector.GP, error);
        }
        register.set(selector, base, Descriptor.limit(d), Descriptor.attributes(d));
        return d;
    }

    static void lldt(Cpu c, Op o) {
        int selector = SegmentRegisters.selector(c, o);
        if (Segmentation.isNull(selector)) {
            c.ldtr.unusable(selector);
        } else {
            systemDescriptor(c, selector, c.ldtr, Segment.SYSTEM_LDT, Segment.SYSTEM_LDT);
        }
    }

    static void ltr(Cpu c, Op o) {
        int selector = SegmentRegisters.selector(c, o);
        if (Segmentation.isNull(selector)) {
            throw c.protection();
        }
        Segment loaded = new Segment();
        systemDescriptor(c, selector, loaded, Segment.SYSTEM_TSS, c.longMode ? Segment.SYSTEM_TSS : Segment.SYSTEM_TSS16);
        Segmentation.setTypeBit(c, selector, Segment.TYPE_BUSY, true);
        c.tr.set(selector, loaded.base, loaded.limit, loaded.attributes | Segment.TYPE_BUSY);
    }

    /** The descriptor if the selector is valid and visible at this privilege for LAR, LSL and their like; else null. */
    private static Long visible(Cpu c, int selector) {
        if (Segmentation.isNull(selector)) {
            return null;
        }
        long at = Segmentation.descriptorAddress(c, selector, 8);
        if (at == -1) {
            return null;
        }
        long d = Segmentation.readSystem(c, at);
        boolean reachable = Descriptor.conforming(d) || Math.max(c.cpl, selector & Segmentation.RPL) <= Descriptor.dpl(d);
        return reachable ? d : null;
    }

    /** System types with access rights that LAR shows: TSSs, LDT, call gates, task gate. In IA-32e mode fewer. */
    private static boolean larShows(Cpu c, long d) {
        if (!Descriptor.system(d)) {
            return true;
        }
        return switch (Descriptor.type(d)) {
            case Segment.SYSTEM_LDT, Segment.SYSTEM_TSS, Segment.SYSTEM_TSS_BUSY, Segment.SYSTEM_CALL_GATE -> true;
            case Segment.SYSTEM_TSS16, Segment.SYSTEM_TSS16_BUSY, Segment.SYSTEM_CALL_GATE16, Segment.SYSTEM_TASK_GATE ->
                !c.longMode;
            default -> false;
        };
    }

    private static boolean lslShows(Cpu c, long d) {
        return larShows(c, d) && (!Descriptor.system(d) || Descriptor.type(d) != Segment.SYSTEM_CALL_GATE
                && Descriptor.type(d) != Segment.SYSTEM_CALL_GATE16 && Descriptor.type(d) != Segment.SYSTEM_TASK_GATE);
    }

    static void lar(Cpu c, Op o) {
        Long d = visible(c, SegmentRegisters.selector(c, o));
        boolean shown = d != null && larShows(c, d);
        Flags.zero(c, shown);
        if (shown) {
            c.register(o.reg, o.instruction.opSize(), d >>> 32 & 0xff_ff00L);
        }
    }

    static void lsl(Cpu c, Op o) {
        Long d = visible(c, SegmentRegisters.selector(c, o));
        boolean shown = d != null && lslShows(c, d);
        Flags.zero(c, shown);
        if (shown) {
            c.register(o.reg, o.instruction.opSize(), Descriptor.limit(d));
        }
    }

    static void verr(Cpu c, Op o) {
        Long d = visible(c, SegmentRegisters.selector(c, o));
        Flags.zero(c, d != null && Descriptor.readable(d));
    }

    static void verw(Cpu c, Op o) {
        Long d = visible(c, SegmentRegisters.selector(c, o));
        Flags.zero(c, d != null && Descriptor.writable(d));
    }

    /** Writes only if there is something to raise, as processors do. @sdm volume 2 "ARPL" */
    static void arpl(Cpu c, Op o) {
        int source = (int) c.r[o.reg] & Segmentation.RPL;
        int old;
        long la = 0;
        boolean memory = o.instruction.isMemory();
        if (memory) {
            la = o.linear(c, 2, false);
            old = Linear.read16(c, la, o.segment);
        } else {
            old = (int) c.r[o.rm] & 0xffff;
        }
        boolean raise = (old & Segmentation.RPL) < source;
        if (raise && memory) {
            Linear.write16(c, o.linear(c, 2, true), o.segment, old & ~Segmentation.RPL | source);
        } else if (raise) {
            c.register(o.rm, 2, old & ~Segmentation.RPL | source);
        }
        Flags.zero(c, raise);
    }
}
