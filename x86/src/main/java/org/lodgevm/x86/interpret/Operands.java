package org.lodgevm.x86.interpret;

/**
 * What fills the operand {@link Hole}s: a method for each kind of operand and width, found by name.
 *
 * <p>Reads zero-extend. {@code memory} reads, {@code modify} reads what will be written back, {@code commit} writes it
 * back, {@code toMemory} only writes.
 */
final class Operands {
    private Operands() {}

    static long reg8(Op o, Cpu c) {
        return c.byteRegister(o.reg);
    }

    static long reg16(Op o, Cpu c) {
        return c.r[o.reg] & 0xffff;
    }

    static long reg32(Op o, Cpu c) {
        return c.r[o.reg] & 0xffff_ffffL;
    }

    static long reg64(Op o, Cpu c) {
        return c.r[o.reg];
    }

    static long rm8(Op o, Cpu c) {
        return c.byteRegister(o.rm);
    }

    static long rm16(Op o, Cpu c) {
        return c.r[o.rm] & 0xffff;
    }

    static long rm32(Op o, Cpu c) {
        return c.r[o.rm] & 0xffff_ffffL;
    }

    static long rm64(Op o, Cpu c) {
        return c.r[o.rm];
    }

    /** CL, where another register operand has taken the other field. */
    static long vreg8(Op o, Cpu c) {
        return c.byteRegister(o.vreg);
    }

    static long vreg32(Op o, Cpu c) {
        return c.r[o.vreg] & 0xffff_ffffL;
    }

    static long vreg64(Op o, Cpu c) {
        return c.r[o.vreg];
    }

    static long immediate(Op o, Cpu c) {
        return o.imm;
    }

    static long memory8(Op o, Cpu c) {
        return Linear.read8(c, o.linear(c, 1, false), o.segment);
    }

    static long memory16(Op o, Cpu c) {
        return Linear.read16(c, o.linear(c, 2, false), o.segment);
    }

    static long memory32(Op o, Cpu c) {
        return Linear.read32(c, o.linear(c, 4, false), o.segment) & 0xffff_ffffL;
    }

    static long memory64(Op o, Cpu c) {
        return Linear.read64(c, o.linear(c, 8, false), o.segment);
    }

    static long modify8(Op o, Cpu c) {
        return Linear.readForWrite(c, o.linear(c, 1, true), 1, o.segment);
    }

    static long modify16(Op o, Cpu c) {
        return Linear.readForWrite(c, o.linear(c, 2, true), 2, o.segment);
    }

    static long modify32(Op o, Cpu c) {
        return Linear.readForWrite(c, o.linear(c, 4, true), 4, o.segment);
    }

    static long modify64(Op o, Cpu c) {
        return Linear.readForWrite(c, o.linear(c, 8, true), 8, o.segment);
    }

    /** LEA: the offset itself. */
    static long address(Op o, Cpu c) {
        return o.effective(c);
    }

    static void toReg8(Op o, Cpu c, long value) {
        c.byteRegister(o.reg, (int) value);
    }

    static void toReg16(Op o, Cpu c, long value) {
        c.register(o.reg, 2, value);
    }

    static void toReg32(Op o, Cpu c, long value) {
        c.r[o.reg] = value & 0xffff_ffffL;
    }

    static void toReg64(Op o, Cpu c, long value) {
        c.r[o.reg] = value;
    }

    static void toRm8(Op o, Cpu c, long value) {
        c.byteRegister(o.rm, (int) value);
    }

    static void toRm16(Op o, Cpu c, long value) {
        c.register(o.rm, 2, value);
    }

    static void toRm32(Op o, Cpu c, long value) {
        c.r[o.rm] = value & 0xffff_ffffL;
    }

    static void toRm64(Op o, Cpu c, long value) {
        c.r[o.rm] = value;
    }

    static void toVreg32(Op o, Cpu c, long value) {
        c.r[o.vreg] = value & 0xffff_ffffL;
    }

    static void toVreg64(Op o, Cpu c, long value) {
        c.r[o.vreg] = value;
    }

    static void toMemory8(Op o, Cpu c, long value) {
        Linear.write8(c, o.linear(c, 1, true), o.segment, (int) value);
    }

    static void toMemory16(Op o, Cpu c, long value) {
        Linear.write16(c, o.linear(c, 2, true), o.segment, (int) value);
    }

    static void toMemory32(Op o, Cpu c, long value) {
        Linear.write32(c, o.linear(c, 4, true), o.segment, (int) value);
    }

    static void toMemory64(Op o, Cpu c, long value) {
        Linear.write64(c, o.linear(c, 8, true), o.segment, value);
    }

    static void commit8(Op o, Cpu c, long value) {
        Linear.finishWrite(c, 1, value);
    }

    static void commit16(Op o, Cpu c, long value) {
        Linear.finishWrite(c, 2, value);
    }

    static void commit32(Op o, Cpu c, long value) {
        Linear.finishWrite(c, 4, value);
    }

    static void commit64(Op o, Cpu c, long value) {
        Linear.finishWrite(c, 8, value);
    }

    // --- the commonest address: 64-bit, base plus displacement, no segment base ----------------------------------------------

    private static long based(Op o, Cpu c) {
        return c.r[o.base] + o.disp;
    }

    static long basedMemory8(Op o, Cpu c) {
        return Linear.read8(c, based(o, c), o.segment);
    }

    static long basedMemory16(Op o, Cpu c) {
        return Linear.read16(c, based(o, c), o.segment);
    }

    static long basedMemory32(Op o, Cpu c) {
        return Linear.read32(c, based(o, c), o.segment) & 0xffff_ffffL;
    }

    static long basedMemory64(Op o, Cpu c) {
        return Linear.read64(c, based(o, c), o.segment);
    }

    static long basedModify8(Op o, Cpu c) {
        return Linear.readForWrite(c, based(o, c), 1, o.segment);
    }

    static long basedModify16(Op o, Cpu c) {
        return Linear.readForWrite(c, based(o, c), 2, o.segment);
    }

    static long basedModify32(Op o, Cpu c) {
        return Linear.readForWrite(c, based(o, c), 4, o.segment);
    }

    static long basedModify64(Op o, Cpu c) {
        return Linear.readForWrite(c, based(o, c), 8, o.segment);
    }

    static long basedAddress(Op o, Cpu c) {
        return based(o, c);
    }

    static void toBasedMemory8(Op o, Cpu c, long value) {
        Linear.write8(c, based(o, c), o.segment, (int) value);
    }

    static void toBasedMemory16(Op o, Cpu c, long value) {
        Linear.write16(c, based(o, c), o.segment, (int) value);
    }

    static void toBasedMemory32(Op o, Cpu c, long value) {
        Linear.write32(c, based(o, c), o.segment, (int) value);
    }

    static void toBasedMemory64(Op o, Cpu c, long value) {
        Linear.write64(c, based(o, c), o.segment, value);
    }
}
