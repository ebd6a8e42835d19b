package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/** Software interrupts of virtual-8086 tasks. @sdm 21.3 */
final class V86 {
    private static final int MAP_BASE = 102;

    private V86() {}

    /** True when the interrupt is to go through the IDT; false when it was redirected to the task's own vector table. */
    static boolean softwareInterrupt(Cpu c, int vector) {
        if ((c.cr4 & Cr.CR4_VME) == 0 || redirectionBit(c, vector)) {
            if (c.iopl() < 3) {
                throw c.protection();
            }
            return true;
        }
        c.breakpoints.suppressStep();
        long entry = Linear.read32(c, vector * 4L, Segment.DS) & 0xffff_ffffL;
        int flags = c.rflags();
        if (c.iopl() < 3) {
            flags = flags & ~Rflags.IF | (c.flag(Rflags.VIF) ? Rflags.IF : 0) | Rflags.IOPL;
        }
        Frame frame = new Frame(c, c.segments[Segment.SS], c.r[Gpr.RSP], c.stackMask, 2, 0);
        frame.push(flags);
        frame.push(c.segments[Segment.CS].selector);
        frame.push(c.rip);
        c.stackPointer(frame.pointer());
        c.flagsOther &= ~(Rflags.TF | (c.iopl() < 3 ? Rflags.VIF : Rflags.IF));
        Segmentation.setV86(c, Segment.CS, (int) (entry >>> 16));
        c.rip = entry & 0xffff;
        return false;
    }

    /** The bit for this vector in the 32 bytes below the TSS's I/O map. */
    private static boolean redirectionBit(Cpu c, int vector) {
        c.implicitSupervisor();
        try {
            if (c.tr.limit < MAP_BASE + 1) {
                throw c.fault(Vector.GP, 0);
            }
            long at = Linear.read16(c, c.tr.base + MAP_BASE, Segment.DS) - 32L + vector / 8;
            if (at > c.tr.limit) {
                throw c.fault(Vector.GP, 0);
            }
            return (Linear.read8(c, c.tr.base + at, Segment.DS) >> (vector & 7) & 1) != 0;
        } finally {
            c.updateRegime();
        }
    }
}
