package org.lodgevm.x86.interpret;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.state.Cr;

/** Instructions that move selectors to and from segment registers, and the bases of FS and GS. */
final class SegmentRegisters {
    private SegmentRegisters() {}

    /** An operand of 2 bytes. */
    static int selector(Cpu c, Op o) {
        return o.instruction.isMemory() ? Linear.read16(c, o.linear(c, 2, false), o.segment)
                : (int) c.r[o.rm] & 0xffff;
    }

    // --- selectors ---------------------------------------------------------------------------------------------------------

    /** MOV with a segment register, in both directions. */
    static void movSegment(Cpu c, Op o) {
        if (o.instruction.row().operand(0).method() == AddressingMethod.S) {
            int register = o.instruction.register(0);
            if (register == Segment.CS || register > Segment.GS) {
                throw c.undefined();
            }
            Segmentation.load(c, register, selector(c, o));
            if (register == Segment.SS) {
                c.breakpoints.stackLoaded();
            }
            return;
        }
        int register = o.instruction.register(1);
        if (register > Segment.GS) {
            throw c.undefined();
        }
        storeSelector(c, o, c.segments[register].selector);
    }

    /** A register takes the selector zero-extended to the operand size, memory 2 bytes of it. */
    static void storeSelector(Cpu c, Op o, int selector) {
        if (o.instruction.isMemory()) {
            Linear.write16(c, o.linear(c, 2, true), o.segment, selector);
        } else {
            c.register(o.rm, o.instruction.opSize(), selector);
        }
    }

    private static void loadFar(Cpu c, Op o, int register) {
        int size = o.instruction.opSize();
        long offset = Linear.read(c, o.linear(c, size, false), size, o.segment);
        int selector = Linear.read16(c, o.linear(c, size, 2, false), o.segment);
        Segmentation.load(c, register, selector);
        c.register(o.reg, size, offset);
    }

    static void les(Cpu c, Op o) {
        loadFar(c, o, Segment.ES);
    }

    static void lds(Cpu c, Op o) {
        loadFar(c, o, Segment.DS);
    }

    static void lss(Cpu c, Op o) {
        loadFar(c, o, Segment.SS);
    }

    static void lfs(Cpu c, Op o) {
        loadFar(c, o, Segment.FS);
    }

    static void lgs(Cpu c, Op o) {
        loadFar(c, o, Segment.GS);
    }

    // --- bases -------------------------------------------------------------------------------------------------------------

    static void swapgs(Cpu c, Op o) {
        long base = c.segments[Segment.GS].base;
        Segmentation.gsBase(c, c.msrs.kernelGsBase);
        c.msrs.kernelGsBase = base;
    }

    private static void checkFsGsBase(Cpu c) {
        if ((c.cr4 & Cr.CR4_FSGSBASE) == 0) {
            throw c.undefined();
        }
    }

    static void rdfsbase(Cpu c, Op o) {
        checkFsGsBase(c);
        c.register(o.rm, o.instruction.width(0), c.segments[Segment.FS].base);
    }

    static void rdgsbase(Cpu c, Op o) {
        checkFsGsBase(c);
        c.register(o.rm, o.instruction.width(0), c.segments[Segment.GS].base);
    }

    private static long baseOperand(Cpu c, Op o) {
        checkFsGsBase(c);
        long base = c.register(o.rm, o.instruction.width(0));
        if (!Mmu.canonicalBase(base)) {
            throw c.protection();
        }
        return base;
    }

    static void wrfsbase(Cpu c, Op o) {
        Segmentation.fsBase(c, baseOperand(c, o));
    }

    static void wrgsbase(Cpu c, Op o) {
        Segmentation.gsBase(c, baseOperand(c, o));
    }
}
