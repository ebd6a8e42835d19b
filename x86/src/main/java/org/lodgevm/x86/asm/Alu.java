package org.lodgevm.x86.asm;

/** Integer arithmetic and logic. */
public sealed interface Alu extends Emitter permits Assembler {
    default Assembler add(GprOrMem to, GprOrMem from) {
        return arithmetic(0, to, from);
    }

    default Assembler add(GprOrMem to, long value) {
        return arithmetic(0, to, value);
    }

    default Assembler or(GprOrMem to, GprOrMem from) {
        return arithmetic(1, to, from);
    }

    default Assembler or(GprOrMem to, long value) {
        return arithmetic(1, to, value);
    }

    default Assembler adc(GprOrMem to, GprOrMem from) {
        return arithmetic(2, to, from);
    }

    default Assembler adc(GprOrMem to, long value) {
        return arithmetic(2, to, value);
    }

    default Assembler sbb(GprOrMem to, GprOrMem from) {
        return arithmetic(3, to, from);
    }

    default Assembler sbb(GprOrMem to, long value) {
        return arithmetic(3, to, value);
    }

    default Assembler and(GprOrMem to, GprOrMem from) {
        return arithmetic(4, to, from);
    }

    default Assembler and(GprOrMem to, long value) {
        return arithmetic(4, to, value);
    }

    default Assembler sub(GprOrMem to, GprOrMem from) {
        return arithmetic(5, to, from);
    }

    default Assembler sub(GprOrMem to, long value) {
        return arithmetic(5, to, value);
    }

    default Assembler xor(GprOrMem to, GprOrMem from) {
        return arithmetic(6, to, from);
    }

    default Assembler xor(GprOrMem to, long value) {
        return arithmetic(6, to, value);
    }

    default Assembler cmp(GprOrMem to, GprOrMem from) {
        return arithmetic(7, to, from);
    }

    default Assembler cmp(GprOrMem to, long value) {
        return arithmetic(7, to, value);
    }

    private Assembler arithmetic(int operation, GprOrMem to, GprOrMem from) {
        int width = Values.width(to, from);
        int opcode = operation << 3 | Values.wide(width);
        if (from instanceof Gpr reg) {
            return op(width, opcode, reg, to);
        }
        if (to instanceof Gpr reg) {
            return op(width, opcode | 2, reg, from);
        }
        throw new AssemblyException("one operand must be a general register: " + to + ", " + from);
    }

    private Assembler arithmetic(int operation, GprOrMem to, long value) {
        int width = Values.width(to);
        long imm = Values.immediate(value, width);
        if (width == 8) {
            return op(width, 0x80, operation, to, 1, imm);
        }
        return Values.fitsSigned(imm, 8)
                ? op(width, 0x83, operation, to, 1, imm)
                : op(width, 0x81, operation, to, Math.min(width, 32) / 8, imm);
    }

    default Assembler test(GprOrMem one, Gpr other) {
        return op(Values.width(one, other), 0x84 | Values.wide(other.bits()), other, one);
    }

    default Assembler test(GprOrMem one, long value) {
        int width = Values.width(one);
        return op(
                width,
                0xF6 | Values.wide(width),
                0,
                one,
                Math.min(width, 32) / 8,
                Values.immediate(value, width));
    }

    default Assembler inc(GprOrMem operand) {
        return unary(0xFE, 0, operand);
    }

    default Assembler dec(GprOrMem operand) {
        return unary(0xFE, 1, operand);
    }

    default Assembler not(GprOrMem operand) {
        return unary(0xF6, 2, operand);
    }

    default Assembler neg(GprOrMem operand) {
        return unary(0xF6, 3, operand);
    }

    default Assembler mul(GprOrMem operand) {
        return unary(0xF6, 4, operand);
    }

    default Assembler imul(GprOrMem operand) {
        return unary(0xF6, 5, operand);
    }

    default Assembler div(GprOrMem operand) {
        return unary(0xF6, 6, operand);
    }

    default Assembler idiv(GprOrMem operand) {
        return unary(0xF6, 7, operand);
    }

    private Assembler unary(int opcode, int digit, GprOrMem operand) {
        int width = Values.width(operand);
        return op(width, opcode | Values.wide(width), digit, operand);
    }

    default Assembler imul(Gpr to, GprOrMem from) {
        return op(Values.wordWidth(to, from), 0x0FAF, to, from);
    }

    default Assembler imul(Gpr to, GprOrMem from, long value) {
        int width = Values.wordWidth(to, from);
        long imm = Values.immediate(value, width);
        return Values.fitsSigned(imm, 8)
                ? op(width, 0x6B, to, from, 1, imm)
                : op(width, 0x69, to, from, Math.min(width, 32) / 8, imm);
    }

    default Assembler xadd(GprOrMem to, Gpr from) {
        return op(Values.width(to, from), 0x0FC0 | Values.wide(from.bits()), from, to);
    }

    default Assembler cmpxchg(GprOrMem to, Gpr from) {
        return op(Values.width(to, from), 0x0FB0 | Values.wide(from.bits()), from, to);
    }

    default Assembler cmpxchg8b(Mem to) {
        return op(0, 0x0FC7, 1, to);
    }

    default Assembler cmpxchg16b(Mem to) {
        return op(64, 0x0FC7, 1, to);
    }

    default Assembler adcx(Gpr to, GprOrMem from) {
        return op(Values.quadWidth(Values.width(to, from)), 0x660F38F6, to, from);
    }

    default Assembler adox(Gpr to, GprOrMem from) {
        return op(Values.quadWidth(Values.width(to, from)), 0xF30F38F6, to, from);
    }

    default Assembler daa() {
        return legacy(0, 0x27);
    }

    default Assembler das() {
        return legacy(0, 0x2F);
    }

    default Assembler aaa() {
        return legacy(0, 0x37);
    }

    default Assembler aas() {
        return legacy(0, 0x3F);
    }

    default Assembler aam(int radix) {
        return legacy(0, 0xD4).imm(1, radix);
    }

    default Assembler aad(int radix) {
        return legacy(0, 0xD5).imm(1, radix);
    }
}
