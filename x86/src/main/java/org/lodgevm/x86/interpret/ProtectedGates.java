package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/** Into a handler through the IDT of 16- and 32-bit protected mode, virtual-8086 mode included. @sdm 3A:6.12.1, 3A:21.3 */
final class ProtectedGates {
    private ProtectedGates() {}

    static void deliver(Cpu c, int vector, int error, boolean software, int alsoFlags) {
        int ext = software ? 0 : Exceptions.EXT;
        long gate = Exceptions.gate(c, vector, 8, ext);
        int type = Descriptor.attributes(gate) & (Segment.S | Segment.TYPE);
        boolean small = type == Segment.SYSTEM_INTERRUPT_GATE16 || type == Segment.SYSTEM_TRAP_GATE16;
        boolean wide = type == Segment.SYSTEM_INTERRUPT_GATE || type == Segment.SYSTEM_TRAP_GATE;
        if (!small && !wide && type != Segment.SYSTEM_TASK_GATE) {
            throw c.fault(Vector.GP, Exceptions.gateError(vector, ext));
        }
        Exceptions.checkGate(c, vector, gate, software);
        int selector = Descriptor.gateSelector(gate);
        if (type == Segment.SYSTEM_TASK_GATE) {
            TaskSwitch.interrupt(c, selector, ext, error, alsoFlags);
        } else {
            long target = Descriptor.gateOffset(gate) & (small ? 0xffff : 0xffff_ffffL);
            enter(c, selector, target, small ? 2 : 4, ext, error, alsoFlags);
            if (type == Segment.SYSTEM_INTERRUPT_GATE || type == Segment.SYSTEM_INTERRUPT_GATE16) {
                c.flag(Rflags.IF, false);
            }
        }
    }

    /** @param size of what is pushed, in bytes */
    private static void enter(Cpu c, int selector, long target, int size, int ext, int error, int alsoFlags) {
        long code = Exceptions.handlerCode(c, selector, ext);
        int cpl = Exceptions.handlerLevel(c, code);
        if (c.v86 && cpl != 0) {
            throw c.fault(Vector.GP, selector & Segmentation.INDEX_AND_TABLE | ext);
        }
        if (target > Descriptor.limit(code)) {
            throw c.fault(Vector.GP, ext);
        }
        InnerStack inner = cpl < c.cpl ? new InnerStack(c, cpl, ext) : null;
        Frame frame = inner != null ? inner.frame(size)
                : new Frame(c, c.segments[Segment.SS], c.r[Gpr.RSP], c.stackMask, size, ext);
        Exceptions.useRegime(c, cpl);
        try {
            push(c, frame, inner != null, c.rflags() | alsoFlags, error);
            if (inner != null) {
                inner.markAccessed();
            }
            Segmentation.markAccessed(c, selector, code);
        } finally {
            c.updateRegime();
        }
        if (c.v86) {
            forgetSegments(c);
        }
        c.flagsOther &= ~(Rflags.TF | Rflags.NT | Rflags.RF | Rflags.VM);
        c.cpl = cpl;
        if (inner != null) {
            inner.enter();
        }
        c.stackPointer(frame.pointer());
        Segmentation.enterCode(c, selector, code, cpl);
        c.rip = target;
    }

    private static void push(Cpu c, Frame frame, boolean inner, int flags, int error) {
        if (c.v86) {
            for (int register = Segment.GS; register >= Segment.DS; register--) {
                frame.push(c.segments[register].selector);
            }
            frame.push(c.segments[Segment.ES].selector);
        }
        if (inner) {
            frame.push(c.segments[Segment.SS].selector);
            frame.push(c.r[Gpr.RSP]);
        }
        frame.push(flags);
        frame.push(c.segments[Segment.CS].selector);
        frame.push(c.rip);
        if (error != Exceptions.NO_ERROR_CODE) {
            frame.push(error);
        }
    }

    /** A handler does not inherit the segments of a virtual-8086 task. */
    private static void forgetSegments(Cpu c) {
        for (int register : new int[] {Segment.GS, Segment.FS, Segment.DS, Segment.ES}) {
            c.segments[register].unusable(0);
            c.segmentBase(register, 0);
        }
    }
}
