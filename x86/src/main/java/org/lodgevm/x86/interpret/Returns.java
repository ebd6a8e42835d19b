package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/** IRET in every mode, and the common part of returns to an outer privilege level. @sdm volume 2 "IRET" */
final class Returns {
    private Returns() {}

    /** NMIs may come again even if the return faults. @sdm 3A:6.7.1 */
    static void iret(Cpu c, int size) {
        c.nmiBlocked = false;
        if (c.nmiPending) {
            c.ask(Attention.NMI);
            c.nmiPending = false;
        }
        if (!c.protectedMode()) {
            iretReal(c, size);
        } else if (c.v86) {
            iretV86(c, size);
        } else if (c.longMode) {
            iretLong(c, size);
        } else if (c.flag(Rflags.NT)) {
            TaskSwitch.back(c);
        } else {
            iretProtected(c, size);
        }
    }

    private static int changeable(Cpu c, int size) {
        int mask = Rflags.STATUS | Rflags.TF | Rflags.DF | Rflags.NT
                | (size == 2 ? 0 : Rflags.RF | Rflags.AC | Rflags.ID);
        if (c.cpl == 0) {
            mask |= Rflags.IOPL | (size == 2 || !c.protectedMode() ? 0 : Rflags.VIF | Rflags.VIP);
        }
        if (c.cpl <= c.iopl()) {
            mask |= Rflags.IF;
        }
        return mask;
    }

    private static void flags(Cpu c, int value, int mask) {
        c.rflags(c.rflags() & ~mask | c.breakpoints.loaded(value) & mask);
    }

    private static void iretReal(Cpu c, int size) {
        long rip = Stack.peek(c, 0, size);
        int selector = (int) Stack.peek(c, size, size) & 0xffff;
        int value = (int) Stack.peek(c, 2L * size, size);
        Segment cs = c.segments[Segment.CS];
        if (rip > cs.limit) {
            throw c.protection();
        }
        Stack.release(c, 3L * size);
        Segmentation.set(c, Segment.CS, selector, (long) selector << 4, cs.limit, cs.attributes);
        c.rip = rip;
        flags(c, value, changeable(c, size));
    }

    private static void iretV86(Cpu c, int size) {
        boolean vme = (c.cr4 & Cr.CR4_VME) != 0 && size == 2;
        if (c.iopl() < 3 && !vme) {
            throw c.protection();
        }
        long rip = Stack.peek(c, 0, size);
        int selector = (int) Stack.peek(c, size, size) & 0xffff;
        int value = (int) Stack.peek(c, 2L * size, size);
        if (rip > 0xffff) {
            throw c.protection();
        }
        int mask = Rflags.STATUS | Rflags.TF | Rflags.DF | Rflags.NT
                | (size == 2 ? 0 : Rflags.AC | Rflags.ID | Rflags.RF);
        if (c.iopl() == 3) {
            mask |= Rflags.IF;
        } else {
            if ((value & Rflags.TF) != 0 || (value & Rflags.IF) != 0 && c.flag(Rflags.VIP)) {
                throw c.protection();
            }
            value = value & ~Rflags.VIF | ((value & Rflags.IF) != 0 ? Rflags.VIF : 0);
            mask |= Rflags.VIF;
        }
        Stack.release(c, 3L * size);
        Segmentation.setV86(c, Segment.CS, selector);
        c.rip = rip;
        flags(c, value, mask);
    }

    private static void iretProtected(Cpu c, int size) {
        long rip = Stack.peek(c, 0, size);
        int selector = (int) Stack.peek(c, size, size) & 0xffff;
        int value = (int) Stack.peek(c, 2L * size, size);
        if (size == 4 && (value & Rflags.VM) != 0 && c.cpl == 0) {
            iretToV86(c, rip, selector, value);
            return;
        }
        iretTo(c, rip, selector, value, size);
    }

    /** In 64-bit mode SS:rSP are always popped; elsewhere only for an outer level. */
    private static void iretTo(Cpu c, long rip, int selector, int value, int size) {
        long d = FarTransfer.returnTarget(c, selector);
        int mask = changeable(c, size);
        if ((selector & Segmentation.RPL) == c.cpl && !c.code64) {
            toSameLevel(c, selector, d, rip, size);
        } else {
            long sp = Stack.peek(c, 3L * size, size);
            int stackSelector = (int) Stack.peek(c, 4L * size, size) & 0xffff;
            toOuter(c, selector, d, rip, stackSelector, sp, size);
        }
        flags(c, value, mask);
    }

    private static void toSameLevel(Cpu c, int selector, long d, long rip, int size) {
        FarTransfer.checkOffset(c, d, rip);
        Segmentation.markAccessed(c, selector, d);
        Stack.release(c, 3L * size);
        Segmentation.enterCode(c, selector, d, c.cpl);
        c.rip = rip;
    }

    private static void iretToV86(Cpu c, long rip, int selector, int value) {
        long sp = Stack.peek(c, 12, 4);
        int[] selectors = new int[5]; // SS, ES, DS, FS, GS
        for (int i = 0; i < 5; i++) {
            selectors[i] = (int) Stack.peek(c, 16 + 4L * i, 4) & 0xffff;
        }
        c.rflags(c.breakpoints.loaded(value));
        c.cpl = 3;
        Segmentation.setV86(c, Segment.CS, selector);
        Segmentation.setV86(c, Segment.SS, selectors[0]);
        Segmentation.setV86(c, Segment.ES, selectors[1]);
        Segmentation.setV86(c, Segment.DS, selectors[2]);
        Segmentation.setV86(c, Segment.FS, selectors[3]);
        Segmentation.setV86(c, Segment.GS, selectors[4]);
        c.gpr(4, sp);
        c.rip = rip & 0xffff;
        c.updateMode();
    }

    private static void iretLong(Cpu c, int size) {
        if (c.flag(Rflags.NT)) {
            throw c.protection();
        }
        long rip = Stack.peek(c, 0, size);
        int selector = (int) Stack.peek(c, size, size) & 0xffff;
        int value = (int) Stack.peek(c, 2L * size, size);
        iretTo(c, rip, selector, value, size);
    }

    /** Loads CS:rIP and SS:rSP of an outer level (or, for IRET in 64-bit mode, of the same). All checks come first. */
    static void toOuter(Cpu c, int selector, long d, long rip, int stackSelector, long sp, int size) {
        int cpl = selector & Segmentation.RPL;
        boolean outer = cpl > c.cpl;
        boolean to64 = c.longMode && (Descriptor.attributes(d) & Segment.L) != 0;
        FarTransfer.checkOffset(c, d, rip);
        long stack = 0;
        boolean nullStack = Segmentation.isNull(stackSelector);
        if (!nullStack) {
            stack = Segmentation.checkStack(c, stackSelector, cpl, Vector.GP, 0);
            Segmentation.markAccessed(c, stackSelector, stack);
        } else if (!to64 || cpl == 3 || (stackSelector & Segmentation.RPL) != cpl) {
            throw c.protection(); // 64-bit code outside level 3 may have a null SS
        }
        Segmentation.markAccessed(c, selector, d);
        Segmentation.enterCode(c, selector, d, cpl);
        if (nullStack) {
            Segmentation.nullStack(c, stackSelector);
        } else {
            Segmentation.set(c, Segment.SS, stackSelector, Descriptor.base(stack), Descriptor.limit(stack),
                    Descriptor.attributes(stack) | Segment.TYPE_ACCESSED);
        }
        long mask = c.stackMask;
        c.gpr(4, mask == 0xffff ? sp & mask | c.r[Gpr.RSP] & ~mask : sp & mask);
        c.rip = rip;
        if (outer) {
            Segmentation.dropInner(c);
        }
    }
}
