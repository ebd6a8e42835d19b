package org.lodgevm.x86.interpret;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Vector;

/**
 * JMP, CALL and RET between segments, through call gates and to other tasks. @sdm 3A:5.8, 2A "CALL", "JMP", 2B "RET"
 *
 * <p>Whatever can fault comes before anything changes.
 */
final class FarTransfer {
    /** A call gate copies no more parameters. */
    private static final int MOST_PARAMETERS = 31;

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

    /** Loads CS and rIP, which have passed all checks but that of the offset. */
    private static void enter(Cpu c, int selector, long d, int cpl, long offset) {
        checkOffset(c, d, offset);
        Segmentation.markAccessed(c, selector, d);
        Segmentation.enterCode(c, selector, d, cpl);
        c.rip = offset;
    }

    static void checkOffset(Cpu c, long d, long offset) {
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
            c.stackPointer(pushReturn(c, size));
            toReal(c, selector, offset);
            return;
        }
        long d = targetDescriptor(c, selector);
        if (Descriptor.code(d)) {
            checkDirect(c, selector, d);
            callSameLevel(c, selector, d, offset, size);
            return;
        }
        switch (systemType(c, d, selector)) {
            case Segment.SYSTEM_CALL_GATE, Segment.SYSTEM_CALL_GATE16 -> callGate(c, selector, d);
            case Segment.SYSTEM_TASK_GATE -> TaskSwitch.throughGate(c, selector, d, TaskSwitch.Reason.CALL);
            case Segment.SYSTEM_TSS, Segment.SYSTEM_TSS16 -> TaskSwitch.direct(c, selector, d, TaskSwitch.Reason.CALL);
            default -> throw c.fault(Vector.GP, selector & Segmentation.INDEX_AND_TABLE);
        }
    }

    /** Pushes CS and rIP; the stack pointer that the caller is to set once nothing else can fault. */
    private static long pushReturn(Cpu c, int size) {
        Frame frame = new Frame(c, c.segments[Segment.SS], c.r[Gpr.RSP], c.stackMask, size, 0);
        frame.push(c.segments[Segment.CS].selector);
        frame.push(c.rip);
        return frame.pointer();
    }

    private static void callSameLevel(Cpu c, int selector, long code, long offset, int size) {
        checkOffset(c, code, offset);
        Segmentation.markAccessed(c, selector, code);
        c.stackPointer(pushReturn(c, size));
        enter(c, selector, code, c.cpl, offset);
    }

    private static void callGate(Cpu c, int selector, long gate) {
        long code = gateTarget(c, selector, gate);
        int target = Descriptor.gateSelector(gate);
        long offset = gateOffset(c, selector, gate);
        checkOffset(c, code, offset);
        boolean inner = !Descriptor.conforming(code) && Descriptor.dpl(code) < c.cpl;
        if (c.longMode) {
            callLong(c, target, code, offset, inner);
            return;
        }
        int size = Descriptor.type(gate) == Segment.SYSTEM_CALL_GATE ? 4 : 2;
        if (inner) {
            callInner(c, (int) (gate >>> 32) & MOST_PARAMETERS, target, code, offset, size);
        } else {
            callSameLevel(c, target, code, offset, size);
        }
    }

    /** To 64-bit code; what is pushed has 8 bytes, whether the caller is 64-bit code or not. */
    private static void callLong(Cpu c, int target, long code, long offset, boolean inner) {
        int cpl = inner ? Descriptor.dpl(code) : c.cpl;
        long at = inner ? Tss.stackPointer64(c, cpl, 0) : c.r[Gpr.RSP];
        if (!c.mmu.canonical(at)) {
            throw c.fault(Vector.SS, 0);
        }
        Exceptions.useRegime(c, cpl);
        try {
            if (inner) {
                Linear.write64(c, at -= 8, Segment.SS, c.segments[Segment.SS].selector);
                Linear.write64(c, at -= 8, Segment.SS, c.r[Gpr.RSP]);
            }
            Linear.write64(c, at -= 8, Segment.SS, c.segments[Segment.CS].selector);
            Linear.write64(c, at -= 8, Segment.SS, c.rip);
            Segmentation.markAccessed(c, target, code);
        } finally {
            c.updateRegime();
        }
        if (inner) {
            Segmentation.nullStack(c, cpl);
        }
        Segmentation.enterCode(c, target, code, cpl);
        c.r[Gpr.RSP] = at;
        c.rip = offset;
    }

    private static void callInner(Cpu c, int parameters, int target, long code, long offset, int size) {
        int cpl = Descriptor.dpl(code);
        InnerStack inner = new InnerStack(c, cpl, 0);
        long[] values = new long[parameters];
        for (int i = 0; i < parameters; i++) {
            values[i] = Stack.peek(c, (long) i * size, size);
        }
        Frame frame = inner.frame(size);
        Exceptions.useRegime(c, cpl);
        try {
            frame.push(c.segments[Segment.SS].selector);
            frame.push(c.r[Gpr.RSP]);
            for (int i = parameters - 1; i >= 0; i--) {
                frame.push(values[i]);
            }
            frame.push(c.segments[Segment.CS].selector);
            frame.push(c.rip);
            inner.markAccessed();
            Segmentation.markAccessed(c, target, code);
        } finally {
            c.updateRegime();
        }
        c.cpl = cpl;
        inner.enter();
        c.stackPointer(frame.pointer());
        Segmentation.enterCode(c, target, code, cpl);
        c.rip = offset;
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
}
