package org.lodgevm.x86.interpret;


import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.state.Vector;

/** JMP, CALL and RET between segments, through call gates and to other tasks. @sdm 5.8, volume 2 "CALL", "JMP", "RET" */
final class FarTransfer {
    private FarTransfer() {}

    private static boolean paged(Cpu c) {
        return c.protectedMode() && !c.v86;
    }

    private static long offset(Cpu c, Op o) {
        int size = o.instruction.opSize();
        if (o.instruction.row().operand(0).method() == AddressingMethod.A) {
            return o.imm & (size == 2 ? 0xffff : 0xffff_ffffL);
        }
        return Linear.read(c, o.linear(c, size, false), size, o.segment);
    }

    private static int selector(Cpu c, Op o) {
        if (o.instruction.row().operand(0).method() == AddressingMethod.A) {
            return o.instruction.imm2() & 0xffff;
        }
        return Linear.read16(c, o.linear(c, o.instruction.opSize(), 2, false), o.segment);
    }

    static void jmpf(Cpu c, Op o) {
        long offset = offset(c, o);
        int selector = selector(c, o);
        if (!paged(c)) {
            toReal(c, selector, offset);
            return;
        }
        long d = targetDescriptor(c, selector);
        if (Descriptor.code(d)) {
            checkDirect(c, selector, d);
            enter(c, selector, d, c.cpl, offset);
            return;
        }
        int error = selector & Segmentation.INDEX_AND_TABLE;
        switch (systemType(c, d, selector)) {
            case Segment.SYSTEM_CALL_GATE, Segment.SYSTEM_CALL_GATE16 -> {
                long code = gateTarget(c, selector, d);
                int target = Descriptor.gateSelector(d);
                if (Descriptor.conforming(code) ? Descriptor.dpl(code) > c.cpl : Descriptor.dpl(code) != c.cpl) {
                    throw c.fault(Vector.GP, target & Segmentation.INDEX_AND_TABLE);
                }
                enter(c, target, code, c.cpl, gateOffset(c, selector, d));
            }
            case Segment.SYSTEM_TASK_GATE -> TaskSwitch.throughGate(c, selector, d, TaskSwitch.Reason.JUMP);
            case Segment.SYSTEM_TSS, Segment.SYSTEM_TSS16 -> TaskSwitch.direct(c, selector, d, TaskSwitch.Reason.JUMP);
            default -> throw c.fault(Vector.GP, error);
        }
    }

    /** Real and virtual-8086 mode. */
    private static void toReal(Cpu c, int selector, long offset) {
        Segment cs = c.segments[Segment.CS];
        if (offset > cs.limit) {
            throw c.protection();
        }
        if (c.v86) {
            Segmentation.setV86(c, Segment.CS, selector);
        } else {
            Segmentation.set(c, Segment.CS, selector, (long) selector << 4, cs.limit, cs.attributes);
        }
        c.rip = offset;
    }

    private static long targetDescriptor(Cpu c, int selector) {
        if (Segmentation.isNull(selector)) {
            throw c.protection();
        }
        return Segmentation.descriptor(c, selector, Vector.GP);
    }

    /** The type of a system descriptor that a far transfer may go through; in IA-32e mode call gates alone. */
    private static int systemType(Cpu c, long d, int selector) {
        int type = Descriptor.type(d);
        if (!Descriptor.system(d) || c.longMode && type != Segment.SYSTEM_CALL_GATE) {
            throw c.fault(Vector.GP, selector & Segmentation.INDEX_AND_TABLE);
        }
        return type;
    }

    /** Privilege rules for a direct transfer to a code segment: the level stays. */
    private static void checkDirect(Cpu c, int selector, long d) {
        int error = selector & Segmentation.INDEX_AND_TABLE;
        boolean privileged = Descriptor.conforming(d) ? Descriptor.dpl(d) > c.cpl
                : (selector & Segmentation.RPL) > c.cpl || Descriptor.dpl(d) != c.cpl;
        if (privileged || c.longMode && (Descriptor.attributes(d) & (Segment.L | Segment.DB)) == (Segment.L | Segment.DB)) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.NP, error);
        }
    }

    /** Checks the offset and loads CS and rIP. */
    private static void enter(Cpu c, int selector, long d, int cpl, long offset) {
        checkOffset(c, d, offset);
        if ((Descriptor.type(d) & Segment.TYPE_ACCESSED) == 0) {
            Segmentation.setTypeBit(c, selector, Segment.TYPE_ACCESSED, true);
        }
        c.cpl = cpl;
        Segmentation.set(c, Segment.CS, selector & ~Segmentation.RPL | cpl, Descriptor.base(d), Descriptor.limit(d),
                Descriptor.attributes(d) | Segment.TYPE_ACCESSED);
        c.rip = offset;
    }

    private static void checkOffset(Cpu c, long d, long offset) {
        boolean to64 = c.longMode && (Descriptor.attributes(d) & Segment.L) != 0;
        if (to64 ? !c.mmu.canonical(offset) : Long.compareUnsigned(offset, Descriptor.limit(d)) > 0) {
            throw c.protection();
        }
    }

    // --- call gates --------------------------------------------------------------------------------------------------------

    /** The code segment that a gate leads to; gate and segment are checked but for the rule that tells JMP from CALL. */
    private static long gateTarget(Cpu c, int selector, long gate) {
        int error = selector & Segmentation.INDEX_AND_TABLE;
        if (Descriptor.dpl(gate) < c.cpl || Descriptor.dpl(gate) < (selector & Segmentation.RPL)) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(gate)) {
            throw c.fault(Vector.NP, error);
        }
        int target = Descriptor.gateSelector(gate);
        long code = targetDescriptor(c, target);
        int targetError = target & Segmentation.INDEX_AND_TABLE;
        boolean not64 = c.longMode && (Descriptor.attributes(code) & (Segment.L | Segment.DB)) != Segment.L;
        if (!Descriptor.code(code) || Descriptor.dpl(code) > c.cpl || not64) {
            throw c.fault(Vector.GP, targetError);
        }
        if (!Descriptor.present(code)) {
            throw c.fault(Vector.NP, targetError);
        }
        return code;
    }

    private static long gateOffset(Cpu c, int selector, long gate) {
        if (Descriptor.type(gate) == Segment.SYSTEM_CALL_GATE16) {
            return gate & 0xffff;
        }
        if (!c.longMode) {
            return Descriptor.gateOffset(gate);
        }
        long at = Segmentation.descriptorAddress(c, selector, 16);
        if (at == -1) {
            throw c.fault(Vector.GP, selector & Segmentation.INDEX_AND_TABLE);
        }
        long high = Segmentation.readSystem(c, at + 8);
        if ((high >>> 40 & 0x1f) != 0) {
            throw c.fault(Vector.GP, selector & Segmentation.INDEX_AND_TABLE);
        }
        return Descriptor.gateOffset(gate) | high << 32;
    }

    static void callf(Cpu c, Op o) {
        long offset = offset(c, o);
        int selector = selector(c, o);
        int size = o.instruction.opSize();
        Segment cs = c.segments[Segment.CS];
        if (!paged(c)) {
            if (offset > cs.limit) {
                throw c.protection();
            }
            pushReturn(c, cs.selector, c.rip, size);
            toReal(c, selector, offset);
            return;
        }
        long d = targetDescriptor(c, selector);
        if (Descriptor.code(d)) {
            checkDirect(c, selector, d);
            checkOffset(c, d, offset);
            pushReturn(c, cs.selector, c.rip, size);
            enter(c, selector, d, c.cpl, offset);
            return;
        }
        switch (systemType(c, d, selector)) {
            case Segment.SYSTEM_CALL_GATE, Segment.SYSTEM_CALL_GATE16 -> callGate(c, selector, d);
            case Segment.SYSTEM_TASK_GATE -> TaskSwitch.throughGate(c, selector, d, TaskSwitch.Reason.CALL);
            case Segment.SYSTEM_TSS, Segment.SYSTEM_TSS16 -> TaskSwitch.direct(c, selector, d, TaskSwitch.Reason.CALL);
            default -> throw c.fault(Vector.GP, selector & Segmentation.INDEX_AND_TABLE);
        }
    }

    /** Pushes CS and rIP: both or, on a fault, neither. */
    private static void pushReturn(Cpu c, int selector, long rip, int size) {
        Frame frame = new Frame(c, c.segments[Segment.SS], c.r[Gpr.RSP], c.stackMask, size);
        frame.push(selector);
        frame.push(rip);
        c.stackPointer(frame.pointer());
    }

    private static void callGate(Cpu c, int selector, long gate) {
        long code = gateTarget(c, selector, gate);
        int target = Descriptor.gateSelector(gate);
        long offset = gateOffset(c, selector, gate);
        checkOffset(c, code, offset);
        int size = c.longMode ? 8 : Descriptor.type(gate) == Segment.SYSTEM_CALL_GATE ? 4 : 2;
        int oldCs = c.segments[Segment.CS].selector;
        if (Descriptor.conforming(code) || Descriptor.dpl(code) == c.cpl) {
            if (c.longMode && !c.code64) {
                longFrame(c, code, target, offset, c.cpl, c.r[Gpr.RSP], false);
                return;
            }
            pushReturn(c, oldCs, c.rip, size);
            enter(c, target, code, c.cpl, offset);
        } else if (c.longMode) {
            int cpl = Descriptor.dpl(code);
            longFrame(c, code, target, offset, cpl, Tss.stackPointer64(c, cpl), true);
        } else {
            callInner(c, gate, code, target, offset, size);
        }
    }

    private static void longFrame(Cpu c, long code, int target, long offset, int cpl, long sp, boolean inner) {
        if (!c.mmu.canonical(sp)) {
            throw c.fault(Vector.SS, 0);
        }
        long old = c.r[Gpr.RSP];
        c.implicitSupervisor();
        long at = sp;
        try {
            if (inner) {
                Linear.write64(c, at -= 8, Segment.SS, c.segments[Segment.SS].selector);
                Linear.write64(c, at -= 8, Segment.SS, old);
            }
            Linear.write64(c, at -= 8, Segment.SS, c.segments[Segment.CS].selector);
            Linear.write64(c, at -= 8, Segment.SS, c.rip);
        } finally {
            c.updateRegime();
        }
        if (inner) {
            c.segments[Segment.SS].set(cpl, 0, 0, cpl << Segment.DPL_SHIFT);
            c.segmentBase(Segment.SS, 0);
        }
        enter(c, target, code, cpl, offset);
        c.gpr(4, at);
    }

    private static void callInner(Cpu c, long gate, long code, int target, long offset, int size) {
        int cpl = Descriptor.dpl(code);
        int stackSelector = Tss.stackSelector(c, cpl);
        long stackPointer = Tss.stackPointer(c, cpl);
        if (Segmentation.isNull(stackSelector)) {
            throw c.fault(Vector.TS, 0);
        }
        long d = Segmentation.checkStack(c, stackSelector, cpl, Vector.TS);
        Segment stack = new Segment();
        stack.set(stackSelector, Descriptor.base(d), Descriptor.limit(d), Descriptor.attributes(d));
        int parameters = (int) (gate >>> 32) & 31;
        long[] values = new long[parameters];
        for (int i = 0; i < parameters; i++) {
            values[i] = Stack.peek(c, (long) i * size, size);
        }
        Segment old = c.segments[Segment.SS];
        c.implicitSupervisor();
        Frame frame = new Frame(c, stack, stackPointer, stack.big() ? 0xffff_ffffL : 0xffff, size);
        try {
            frame.push(old.selector);
            frame.push(c.r[Gpr.RSP]);
            for (int i = parameters - 1; i >= 0; i--) {
                frame.push(values[i]);
            }
            frame.push(c.segments[Segment.CS].selector);
            frame.push(c.rip);
        } finally {
            c.updateRegime();
        }
        enter(c, target, code, cpl, offset);
        Segmentation.enter(c, Segment.SS, stackSelector, d);
        c.gpr(4, stackPointer);
        c.stackPointer(frame.pointer());
    }

    // --- returns -----------------------------------------------------------------------------------------------------------

    static void retf(Cpu c, Op o) {
        int size = o.instruction.opSize();
        long release = o.instruction.row().operands().isEmpty() ? 0 : o.imm & 0xffff;
        long rip = Stack.peek(c, 0, size);
        int selector = (int) Stack.peek(c, size, size) & 0xffff;
        if (!paged(c)) {
            toReal(c, selector, rip);
            Stack.release(c, 2L * size + release);
            return;
        }
        long d = returnTarget(c, selector);
        int rpl = selector & Segmentation.RPL;
        if (rpl == c.cpl) {
            checkOffset(c, d, rip);
            boolean from64 = c.code64;
            long sp = c.r[Gpr.RSP] + 2L * size + release;
            long mask = c.stackMask;
            enter(c, selector, d, rpl, rip);
            c.gpr(4, from64 ? sp : sp & mask | c.gpr(4) & ~mask);
            return;
        }
        long sp = Stack.peek(c, 2L * size + release, size);
        int stackSelector = (int) Stack.peek(c, 3L * size + release, size) & 0xffff;
        Returns.toOuter(c, selector, d, rip, stackSelector, sp, size);
        Stack.release(c, release);
    }

    /** The code segment to return to, by the rules that RETF and IRET share. */
    static long returnTarget(Cpu c, int selector) {
        int error = selector & Segmentation.INDEX_AND_TABLE;
        long d = targetDescriptor(c, selector);
        int rpl = selector & Segmentation.RPL;
        boolean bad = !Descriptor.code(d) || rpl < c.cpl
                || (Descriptor.conforming(d) ? Descriptor.dpl(d) > rpl : Descriptor.dpl(d) != rpl);
        boolean both = c.longMode && (Descriptor.attributes(d) & (Segment.L | Segment.DB)) == (Segment.L | Segment.DB);
        if (bad || both) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.NP, error);
        }
        return d;
    }

    static void checkReturnOffset(Cpu c, long d, long rip) {
        checkOffset(c, d, rip);
    }

    // --- INT n and IRET ------------------------------------------------------------------------------------------------------

    /** In virtual-8086 mode by IOPL, or redirected through the TSS's bit map with CR4.VME. @sdm 21.3 */
    static void intN(Cpu c, Op o) {
        int vector = (int) o.imm & 0xff;
        if (c.v86 && !V86.softwareInterrupt(c, vector)) {
            return;
        }
        Exceptions.software(c, vector);
    }

    static void int3(Cpu c, Op o) {
        Exceptions.software(c, Vector.BP);
    }

    static void into(Cpu c, Op o) {
        if (Flags.of(c)) {
            Exceptions.software(c, Vector.OF);
        }
    }

    /** Delivered like a hardware #DB: no gate privilege check. */
    static void int1(Cpu c, Op o) {
        c.breakpoints.int1();
    }

    static void iret(Cpu c, Op o) {
        Returns.iret(c, o.instruction.opSize());
    }
}
