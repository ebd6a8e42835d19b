package org.lodgevm.x86.asm;

/** Stack instructions. Without a width they use that of the mode: 16, 32 or 64 bits. */
public sealed interface Stack extends Emitter permits Assembler {
    default Assembler push(GprOrMem operand) {
        int width = stackWidth(Values.width(operand));
        return operand instanceof Gpr reg ? opReg(width, 0x50, reg) : op(width, 0xFF, 6, operand);
    }

    default Assembler pop(GprOrMem operand) {
        int width = stackWidth(Values.width(operand));
        return operand instanceof Gpr reg ? opReg(width, 0x58, reg) : op(width, 0x8F, 0, operand);
    }

    default Assembler push(long value) {
        long imm = Values.immediate(value, mode());
        return Values.fitsSigned(imm, 8)
                ? op(0, 0x6A).imm(1, imm)
                : op(0, 0x68).imm(Math.min(mode(), 32) / 8, imm);
    }

    /** Pushes a label's absolute address, which in 64-bit mode must lie in the lowest 2 GiB. */
    default Assembler push(Label label) {
        return op(0, 0x68).imm(Math.min(mode(), 32) / 8, label);
    }

    default Assembler push(Sreg segment) {
        int number = segment.number();
        return number < 4 ? legacy(0, 0x06 | number << 3) : op(0, 0x0F80 | number << 3);
    }

    default Assembler pop(Sreg segment) {
        if (segment == Sreg.CS) {
            throw new AssemblyException("CS cannot be popped");
        }
        int number = segment.number();
        return number < 4 ? legacy(0, 0x07 | number << 3) : op(0, 0x0F81 | number << 3);
    }

    default Assembler pushf() {
        return op(0, 0x9C);
    }

    default Assembler pushf(int width) {
        return op(stackWidth(width), 0x9C);
    }

    default Assembler popf() {
        return op(0, 0x9D);
    }

    default Assembler popf(int width) {
        return op(stackWidth(width), 0x9D);
    }

    default Assembler pusha() {
        return legacy(0, 0x60);
    }

    default Assembler pusha(int width) {
        return legacy(stackWidth(width), 0x60);
    }

    default Assembler popa() {
        return legacy(0, 0x61);
    }

    default Assembler popa(int width) {
        return legacy(stackWidth(width), 0x61);
    }

    default Assembler enter(int bytes, int level) {
        return op(0, 0xC8).imm(2, bytes).imm(1, level);
    }

    default Assembler leave() {
        return op(0, 0xC9);
    }

    /**
     * The operand size to encode, given that 64-bit mode needs no REX.W to push 64 bits and cannot
     * push 32.
     */
    private int stackWidth(int width) {
        if (mode() == 64 ? width != 64 && width != 16 : width != 32 && width != 16) {
            throw new AssemblyException(
                    "cannot push " + width + " bits in " + mode() + "-bit mode");
        }
        return width == 64 ? 0 : width;
    }
}
