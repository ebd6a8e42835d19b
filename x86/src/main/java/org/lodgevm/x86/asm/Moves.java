package org.lodgevm.x86.asm;

/** Moves, exchanges and conversions of integers. */
public sealed interface Moves extends Emitter permits Assembler {
    default Assembler mov(GprOrMem to, GprOrMem from) {
        int width = Values.width(to, from);
        if (from instanceof Gpr reg) {
            return op(width, 0x88 | Values.wide(width), reg, to);
        }
        if (to instanceof Gpr reg) {
            return op(width, 0x8A | Values.wide(width), reg, from);
        }
        throw new AssemblyException("one operand must be a general register: " + to + ", " + from);
    }

    /** Loads or stores a constant, by the shortest encoding that has the same effect. */
    default Assembler mov(GprOrMem to, long value) {
        int width = Values.width(to);
        if (to instanceof Gpr reg) {
            if (width == 64 && mode() == 64 && Values.fitsUnsigned(value, 32)) {
                return opReg(32, 0xB8, reg).imm(4, value);
            }
            if (width == 64 && !Values.fitsSigned(value, 32)) {
                return opReg(64, 0xB8, reg).imm(8, value);
            }
            if (width != 64) {
                return opReg(width, 0xB0 | Values.wide(width) << 3, reg).imm(width / 8, value);
            }
        }
        return op(
                width,
                0xC6 | Values.wide(width),
                0,
                to,
                Math.min(width, 32) / 8,
                Values.immediate(value, width));
    }

    /** Loads a label's absolute address. */
    default Assembler mov(Gpr to, Label label) {
        return opReg(Values.wordWidth(to), 0xB8, to).imm(to.bits() / 8, label);
    }

    default Assembler mov(Sreg to, GprOrMem from) {
        return op(0, 0x8E, to, Values.exactly(16, from));
    }

    default Assembler mov(GprOrMem to, Sreg from) {
        return op(to instanceof Gpr ? Values.wordWidth(to) : 0, 0x8C, from, to);
    }

    /** Loads the accumulator from a full-width absolute address (the manual's moffs). */
    default Assembler movAbsolute(Gpr accumulator, long address) {
        return moffs(accumulator, 0xA0).imm(mode() / 8, address);
    }

    /** Stores the accumulator at a full-width absolute address. */
    default Assembler movAbsolute(long address, Gpr accumulator) {
        return moffs(accumulator, 0xA2).imm(mode() / 8, address);
    }

    private Assembler moffs(Gpr accumulator, int opcode) {
        if (accumulator.number() != 0) {
            throw new AssemblyException(accumulator + " is no accumulator");
        }
        return op(accumulator.bits(), opcode | Values.wide(accumulator.bits()));
    }

    default Assembler movzx(Gpr to, GprOrMem from) {
        return op(Values.wordWidth(to), 0x0FB6 | isWord(to, from), to, from);
    }

    default Assembler movsx(Gpr to, GprOrMem from) {
        return from.bits() == 32 && to.bits() == 64
                ? op(64, 0x63, to, from)
                : op(Values.wordWidth(to), 0x0FBE | isWord(to, from), to, from);
    }

    private static int isWord(Gpr to, GprOrMem from) {
        if (from.bits() != 8 && from.bits() != 16 || from.bits() >= to.bits()) {
            throw new AssemblyException("cannot extend " + from + " to " + to);
        }
        return from.bits() == 16 ? 1 : 0;
    }

    default Assembler lea(Gpr to, Mem from) {
        return op(Values.wordWidth(to), 0x8D, to, from);
    }

    default Assembler xchg(GprOrMem one, Gpr other) {
        return op(Values.width(one, other), 0x86 | Values.wide(other.bits()), other, one);
    }

    default Assembler cmov(Cond condition, Gpr to, GprOrMem from) {
        return op(Values.wordWidth(to, from), 0x0F40 | condition.ordinal(), to, from);
    }

    default Assembler set(Cond condition, GprOrMem to) {
        return op(0, 0x0F90 | condition.ordinal(), 0, Values.exactly(8, to));
    }

    default Assembler bswap(Gpr operand) {
        if (operand.bits() < 32) {
            throw new AssemblyException("BSWAP of " + operand + " is undefined");
        }
        return opReg(operand.bits(), 0x0FC8, operand);
    }

    default Assembler movbe(Gpr to, Mem from) {
        return op(Values.wordWidth(to), 0x0F38F0, to, from);
    }

    default Assembler movbe(Mem to, Gpr from) {
        return op(Values.wordWidth(from), 0x0F38F1, from, to);
    }

    default Assembler xlat() {
        return op(0, 0xD7);
    }

    default Assembler lahf() {
        return op(0, 0x9F);
    }

    default Assembler sahf() {
        return op(0, 0x9E);
    }

    default Assembler cbw() {
        return op(16, 0x98);
    }

    default Assembler cwde() {
        return op(32, 0x98);
    }

    default Assembler cdqe() {
        return op(64, 0x98);
    }

    default Assembler cwd() {
        return op(16, 0x99);
    }

    default Assembler cdq() {
        return op(32, 0x99);
    }

    default Assembler cqo() {
        return op(64, 0x99);
    }

    default Assembler les(Gpr to, Mem from) {
        return legacy(Values.wordWidth(to), 0xC4, to, from);
    }

    default Assembler lds(Gpr to, Mem from) {
        return legacy(Values.wordWidth(to), 0xC5, to, from);
    }

    default Assembler lss(Gpr to, Mem from) {
        return op(Values.wordWidth(to), 0xFB2, to, from);
    }

    default Assembler lfs(Gpr to, Mem from) {
        return op(Values.wordWidth(to), 0xFB4, to, from);
    }

    default Assembler lgs(Gpr to, Mem from) {
        return op(Values.wordWidth(to), 0xFB5, to, from);
    }

    default Assembler cmc() {
        return op(0, 0xF5);
    }

    default Assembler clc() {
        return op(0, 0xF8);
    }

    default Assembler stc() {
        return op(0, 0xF9);
    }

    default Assembler cld() {
        return op(0, 0xFC);
    }

    default Assembler std() {
        return op(0, 0xFD);
    }

    /** One byte. */
    default Assembler nop() {
        return op(0, 0x90);
    }

    /** The long form, whose operand is never read. */
    default Assembler nop(GprOrMem operand) {
        return op(Values.wordWidth(operand), 0x0F1F, 0, operand);
    }

    default Assembler pause() {
        return op(0, 0xF390);
    }
}
