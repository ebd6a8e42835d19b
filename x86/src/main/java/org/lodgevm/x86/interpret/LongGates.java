package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/** Into a handler through the IDT of IA-32e mode. @sdm 3A:6.14 */
final class LongGates {
    private static final int GATE_BYTES = 16;
    private static final int IST_SHIFT = 32;
    private static final int IST = 7;
    private static final int STACK_ALIGNMENT = 16;

    private LongGates() {}

    static void deliver(Cpu c, int vector, int error, boolean software, int alsoFlags) {
        int ext = software ? 0 : Exceptions.EXT;
        long gate = Exceptions.gate(c, vector, GATE_BYTES, ext);
        int type = Descriptor.attributes(gate) & (Segment.S | Segment.TYPE);
        if (type != Segment.SYSTEM_INTERRUPT_GATE && type != Segment.SYSTEM_TRAP_GATE) {
            throw c.fault(Vector.GP, Exceptions.gateError(vector, ext));
        }
        Exceptions.checkGate(c, vector, gate, software);
        long high = Segmentation.readSystem(c, c.idtBase + vector * GATE_BYTES + 8);
        long target = Descriptor.gateOffset(gate) | high << 32;
        int selector = Descriptor.gateSelector(gate);
        long code = Exceptions.handlerCode(c, selector, ext);
        int cpl = Exceptions.handlerLevel(c, code);
        long stack = stack(c, (int) (gate >>> IST_SHIFT) & IST, cpl, ext);
        if (!c.mmu.canonical(target)) {
            throw c.fault(Vector.GP, ext);
        }
        boolean inner = cpl < c.cpl;
        Exceptions.useRegime(c, cpl);
        try {
            stack = push(c, stack, c.rflags() | alsoFlags, error);
            Segmentation.markAccessed(c, selector, code);
        } finally {
            c.updateRegime();
        }
        c.flagsOther &= ~(Rflags.TF | Rflags.NT | Rflags.RF | (type == Segment.SYSTEM_INTERRUPT_GATE ? Rflags.IF : 0));
        if (inner) {
            Segmentation.nullStack(c, cpl);
        }
        c.r[Gpr.RSP] = stack;
        Segmentation.enterCode(c, selector, code, cpl);
        c.rip = target;
    }

    /** Where the frame is to end. */
    private static long stack(Cpu c, int ist, int cpl, int ext) {
        long pointer = c.r[Gpr.RSP];
        if (ist != 0) {
            pointer = Tss.interruptStack(c, ist, ext);
        } else if (cpl < c.cpl) {
            pointer = Tss.stackPointer64(c, cpl, ext);
        }
        if (!c.mmu.canonical(pointer)) {
            throw c.fault(Vector.SS, ext);
        }
        return pointer & -STACK_ALIGNMENT;
    }

    /** The new stack pointer. A fault half-way leaves only bytes beyond the stack changed. */
    private static long push(Cpu c, long end, int flags, int error) {
        Linear.write64(c, end - 8, Segment.SS, c.segments[Segment.SS].selector);
        Linear.write64(c, end - 16, Segment.SS, c.r[Gpr.RSP]);
        Linear.write64(c, end - 24, Segment.SS, flags);
        Linear.write64(c, end - 32, Segment.SS, c.segments[Segment.CS].selector);
        Linear.write64(c, end - 40, Segment.SS, c.rip);
        if (error == Exceptions.NO_ERROR_CODE) {
            return end - 40;
        }
        Linear.write64(c, end - 48, Segment.SS, error);
        return end - 48;
    }
}
