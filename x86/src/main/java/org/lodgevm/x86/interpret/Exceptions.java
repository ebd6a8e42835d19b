package org.lodgevm.x86.interpret;


import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/**
 * Delivery of exceptions and interrupts in every mode. @sdm 6.12, 6.14, 21.1.4
 *
 * <p>Nothing of the CPU changes until the frame is written, so that a fault on the way leaves the state of before, from
 * which the next exception is delivered.
 */
final class Exceptions {
    private static final int EXT = 1;
    private static final int IDT = 2;
    private static final int NO_ERROR_CODE = -1;

    private Exceptions() {}

    /** Delivers a fault; one on the way becomes a double fault or replaces it, one in a double fault ends in shutdown. @sdm 6.15 */
    static void raise(Cpu c, GuestFault fault) {
        if (c.tracer.interrupts) {
            c.tracer.fault(c, fault);
        }
        int vector = fault.vector();
        int error = fault.errorCode();
        while (true) {
            if (vector == Vector.PF) {
                c.cr2 = fault.address();
            }
            boolean isFault = vector != Vector.BP && vector != Vector.OF;
            try {
                deliver(c, vector, Vector.hasErrorCode(vector) ? error : NO_ERROR_CODE, false, isFault ? Rflags.RF : 0);
                return;
            } catch (GuestFault next) {
                if (vector == Vector.DF) {
                    Reset.shutdown(c, "triple fault: %s while delivering #DF".formatted(next.getMessage()));
                    return;
                }
                boolean doubled = contributory(vector) && contributory(next.vector())
                        || vector == Vector.PF && (contributory(next.vector()) || next.vector() == Vector.PF);
                vector = doubled ? Vector.DF : next.vector();
                error = doubled ? 0 : next.errorCode();
                if (c.tracer.interrupts) {
                    c.tracer.fault(c, next);
                }
            }
        }
    }

    private static boolean contributory(int vector) {
        return vector == Vector.DE || vector >= Vector.TS && vector <= Vector.GP;
    }

    /** An external interrupt, or an NMI. */
    static void interrupt(Cpu c, int vector) {
        if (c.tracer.interrupts) {
            c.tracer.interrupt(c, vector);
        }
        event(c, vector);
    }

    /** #DB after an instruction, or before one that has a breakpoint; RF is saved as it is. @sdm 3B:18.3.1.1 */
    static void debug(Cpu c) {
        event(c, Vector.DB);
    }

    private static void event(Cpu c, int vector) {
        try {
            deliver(c, vector, NO_ERROR_CODE, false, 0);
        } catch (GuestFault fault) {
            raise(c, fault);
        }
    }

    /** INT n, INT3, INTO: rIP is already that of the next instruction. Throws what delivery meets. */
    static void software(Cpu c, int vector) {
        c.breakpoints.suppressStep();
        deliver(c, vector, NO_ERROR_CODE, true, 0);
    }

    private static void deliver(Cpu c, int vector, int error, boolean software, int alsoFlags) {
        if (!c.protectedMode()) {
            deliverReal(c, vector);
        } else if (c.longMode) {
            deliverLong(c, vector, error, software, alsoFlags);
        } else {
            deliverProtected(c, vector, error, software, alsoFlags);
        }
    }

    private static void deliverReal(Cpu c, int vector) {
        int at = vector * 4;
        if (at + 3 > c.idtLimit) {
            throw c.fault(Vector.GP, at * 2 + IDT);
        }
        long entry = Linear.read32(c, c.idtBase + at, Segment.DS) & 0xffff_ffffL;
        Frame frame = new Frame(c, c.segments[Segment.SS], c.r[Gpr.RSP], c.stackMask, 2);
        frame.push(c.rflags());
        frame.push(c.segments[Segment.CS].selector);
        frame.push(c.rip);
        c.stackPointer(frame.pointer());
        clearFlags(c, Rflags.IF | Rflags.TF | Rflags.RF | Rflags.AC);
        int selector = (int) (entry >>> 16);
        Segment cs = c.segments[Segment.CS];
        Segmentation.set(c, Segment.CS, selector, (long) selector << 4, cs.limit, cs.attributes);
        c.rip = entry & 0xffff;
    }

    private static void clearFlags(Cpu c, int flags) {
        c.flagsOther &= ~flags;
        c.updateRegime();
    }

    // --- protected mode --------------------------------------------------------------------------------------------------

    private static long gate(Cpu c, int vector, int bytes, int ext) {
        if (vector * bytes + bytes - 1 > c.idtLimit) {
            throw c.fault(Vector.GP, vector * 8 + IDT + ext);
        }
        return Segmentation.readSystem(c, c.idtBase + vector * bytes);
    }

    private static void deliverProtected(Cpu c, int vector, int error, boolean software, int alsoFlags) {
        int ext = software ? 0 : EXT;
        long gate = gate(c, vector, 8, ext);
        int type = Descriptor.attributes(gate) & (Segment.S | Segment.TYPE);
        boolean task = type == Segment.SYSTEM_TASK_GATE;
        boolean small = type == Segment.SYSTEM_INTERRUPT_GATE16 || type == Segment.SYSTEM_TRAP_GATE16;
        if (!task && !small && type != Segment.SYSTEM_INTERRUPT_GATE && type != Segment.SYSTEM_TRAP_GATE
                || software && Descriptor.dpl(gate) < c.cpl) {
            throw c.fault(Vector.GP, vector * 8 + IDT + ext);
        }
        if (!Descriptor.present(gate)) {
            throw c.fault(Vector.NP, vector * 8 + IDT + ext);
        }
        if (task) {
            TaskSwitch.interrupt(c, Descriptor.gateSelector(gate), ext, error);
            return;
        }
        int selector = Descriptor.gateSelector(gate);
        long target = Descriptor.gateOffset(gate) & (small ? 0xffff : 0xffff_ffffL);
        long code = targetCode(c, selector, ext, false);
        int newCpl = Descriptor.conforming(code) ? c.cpl : Descriptor.dpl(code);
        boolean v86 = c.v86;
        if (v86 && newCpl != 0) {
            throw c.fault(Vector.GP, selector & Segmentation.INDEX_AND_TABLE | ext);
        }
        int size = small ? 2 : 4;
        int flags = c.rflags() | alsoFlags;
        Segment stack = c.segments[Segment.SS];
        long pointer = c.r[Gpr.RSP];
        int stackSelector = 0;
        long stackDescriptor = 0;
        boolean inner = newCpl < c.cpl;
        Segment newStack = stack;
        long newPointer = pointer;
        if (inner) {
            stackSelector = Tss.stackSelector(c, newCpl);
            newPointer = Tss.stackPointer(c, newCpl);
            stackDescriptor = checkInnerStack(c, stackSelector, newCpl, ext);
            newStack = new Segment();
            newStack.set(stackSelector, Descriptor.base(stackDescriptor), Descriptor.limit(stackDescriptor),
                    Descriptor.attributes(stackDescriptor));
        }
        useRegime(c, newCpl);
        Frame frame = new Frame(c, newStack, newPointer, newStack.big() ? 0xffff_ffffL : 0xffff, size);
        if (v86) {
            frame.push(c.segments[Segment.GS].selector);
            frame.push(c.segments[Segment.FS].selector);
            frame.push(c.segments[Segment.DS].selector);
            frame.push(c.segments[Segment.ES].selector);
        }
        if (inner) {
            frame.push(stack.selector);
            frame.push(pointer);
        }
        frame.push(flags);
        frame.push(c.segments[Segment.CS].selector);
        frame.push(c.rip);
        if (error != NO_ERROR_CODE) {
            frame.push(error);
        }
        checkOffset(c, code, target, ext);
        // nothing can fault from here on but the marking of descriptors as accessed, which is done first
        markAccessed(c, selector, code);
        boolean interruptGate = type == Segment.SYSTEM_INTERRUPT_GATE || type == Segment.SYSTEM_INTERRUPT_GATE16;
        c.flagsOther &= ~(Rflags.TF | Rflags.NT | Rflags.RF | Rflags.VM | (interruptGate ? Rflags.IF : 0));
        c.cpl = newCpl;
        c.v86 = false;
        if (v86) {
            for (int register : new int[] {Segment.GS, Segment.FS, Segment.DS, Segment.ES}) {
                c.segments[register].unusable(0);
                c.segmentBase(register, 0);
            }
        }
        if (inner) {
            Segmentation.enter(c, Segment.SS, stackSelector, stackDescriptor);
            c.r[Gpr.RSP] = newPointer;
        }
        c.stackPointer(frame.pointer());
        enterCode(c, selector, code, newCpl);
        c.rip = target;
    }

    private static void checkOffset(Cpu c, long code, long target, int ext) {
        if (target > Descriptor.limit(code)) {
            throw c.fault(Vector.GP, ext);
        }
    }

    private static void markAccessed(Cpu c, int selector, long code) {
        if ((Descriptor.type(code) & Segment.TYPE_ACCESSED) == 0) {
            Segmentation.setTypeBit(c, selector, Segment.TYPE_ACCESSED, true);
        }
    }

    private static void enterCode(Cpu c, int selector, long code, int cpl) {
        c.cpl = cpl;
        Segmentation.set(c, Segment.CS, selector & ~Segmentation.RPL | cpl, Descriptor.base(code), Descriptor.limit(code),
                Descriptor.attributes(code) | Segment.TYPE_ACCESSED);
    }

    /** The handler's code segment, checked. */
    private static long targetCode(Cpu c, int selector, int ext, boolean mustBe64) {
        int error = selector & Segmentation.INDEX_AND_TABLE | ext;
        if (Segmentation.isNull(selector)) {
            throw c.fault(Vector.GP, ext);
        }
        long at = Segmentation.descriptorAddress(c, selector, 8);
        if (at == -1) {
            throw c.fault(Vector.GP, error);
        }
        long code = Segmentation.readSystem(c, at);
        boolean is64 = (Descriptor.attributes(code) & (Segment.L | Segment.DB)) == Segment.L;
        if (!Descriptor.code(code) || Descriptor.dpl(code) > c.cpl || mustBe64 && !is64) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(code)) {
            throw c.fault(Vector.NP, error);
        }
        return code;
    }

    private static long checkInnerStack(Cpu c, int selector, int cpl, int ext) {
        if (Segmentation.isNull(selector)) {
            throw c.fault(Vector.TS, ext);
        }
        int error = selector & Segmentation.INDEX_AND_TABLE | ext;
        long at = Segmentation.descriptorAddress(c, selector, 8);
        if (at == -1) {
            throw c.fault(Vector.TS, error);
        }
        long d = Segmentation.readSystem(c, at);
        if ((selector & Segmentation.RPL) != cpl || Descriptor.dpl(d) != cpl || !Descriptor.writable(d)) {
            throw c.fault(Vector.TS, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.SS, error);
        }
        return d;
    }

    /** Stack accesses from here to the end of delivery are made at the new level. */
    private static void useRegime(Cpu c, int cpl) {
        if (cpl < 3) {
            c.implicitSupervisor();
        } else {
            c.regime = Tlb.USER;
            c.tlb = c.mmu.tlb.regime(Tlb.USER);
        }
    }

    // --- IA-32e mode -------------------------------------------------------------------------------------------------------

    private static void deliverLong(Cpu c, int vector, int error, boolean software, int alsoFlags) {
        int ext = software ? 0 : EXT;
        long gate = gate(c, vector, 16, ext);
        int type = Descriptor.attributes(gate) & (Segment.S | Segment.TYPE);
        if (type != Segment.SYSTEM_INTERRUPT_GATE && type != Segment.SYSTEM_TRAP_GATE
                || software && Descriptor.dpl(gate) < c.cpl) {
            throw c.fault(Vector.GP, vector * 8 + IDT + ext);
        }
        if (!Descriptor.present(gate)) {
            throw c.fault(Vector.NP, vector * 8 + IDT + ext);
        }
        long high = Segmentation.readSystem(c, c.idtBase + vector * 16 + 8);
        long target = Descriptor.gateOffset(gate) | high << 32;
        int selector = Descriptor.gateSelector(gate);
        long code = targetCode(c, selector, ext, true);
        int ist = (int) (gate >>> 32) & 7;
        int newCpl = Descriptor.conforming(code) ? c.cpl : Descriptor.dpl(code);
        boolean inner = newCpl < c.cpl;
        long pointer = c.r[Gpr.RSP];
        long newPointer = pointer;
        if (ist != 0) {
            newPointer = Tss.interruptStack(c, ist);
        } else if (inner) {
            newPointer = Tss.stackPointer64(c, newCpl);
        }
        if (!c.mmu.canonical(newPointer)) {
            throw c.fault(Vector.SS, ext);
        }
        int flags = c.rflags() | alsoFlags;
        int frameBytes = error == NO_ERROR_CODE ? 40 : 48;
        long sp = (newPointer & ~15L) - frameBytes;
        useRegime(c, newCpl);
        try {
            if (!c.mmu.canonical(target)) {
                throw c.fault(Vector.GP, ext);
            }
            long at = sp;
            // the lowest and the highest bytes first would be enough; the frame spans two pages at most
            if (error != NO_ERROR_CODE) {
                Linear.write64(c, at, Segment.SS, error);
                at += 8;
            }
            Linear.write64(c, at, Segment.SS, c.rip);
            Linear.write64(c, at + 8, Segment.SS, c.segments[Segment.CS].selector);
            Linear.write64(c, at + 16, Segment.SS, flags);
            Linear.write64(c, at + 24, Segment.SS, pointer);
            Linear.write64(c, at + 32, Segment.SS, c.segments[Segment.SS].selector);
            markAccessed(c, selector, code);
        } finally {
            c.updateRegime();
        }
        c.flagsOther &= ~(Rflags.TF | Rflags.NT | Rflags.RF | (type == Segment.SYSTEM_INTERRUPT_GATE ? Rflags.IF : 0));
        if (inner) {
            c.segments[Segment.SS].set(newCpl, 0, 0, newCpl << Segment.DPL_SHIFT);
            c.segmentBase(Segment.SS, 0);
        }
        c.r[Gpr.RSP] = sp;
        enterCode(c, selector, code, newCpl);
        c.rip = target;
    }
}
