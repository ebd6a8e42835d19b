package org.lodgevm.x86.asm;

/**
 * The x87 FPU: a generic emitter for each of its two forms, and names for what programs use most.
 */
public sealed interface X87 extends Emitter permits Assembler {
    /** An instruction on memory: {@code opcode} 0xD8 to 0xDF with a {@code /digit}. */
    default Assembler x87(int opcode, int digit, Mem operand) {
        return op(0, opcode, digit, operand);
    }

    /**
     * An instruction on the register stack: both bytes as the manual prints them, {@code st} being
     * added to the second.
     */
    default Assembler x87(int opcode, int st) {
        if (st < 0 || st > 7) {
            throw new AssemblyException("no x87 register ST(" + st + ")");
        }
        return op(0, opcode + st);
    }

    /** Pushes a real of 32, 64 or 80 bits. */
    default Assembler fld(Mem from) {
        return switch (from.bits()) {
            case 32 -> x87(0xD9, 0, from);
            case 64 -> x87(0xDD, 0, from);
            case 80 -> x87(0xDB, 5, from);
            default -> throw noFormat(from);
        };
    }

    /** Stores ST(0) as a real of 32 or 64 bits. */
    default Assembler fst(Mem to) {
        return switch (to.bits()) {
            case 32 -> x87(0xD9, 2, to);
            case 64 -> x87(0xDD, 2, to);
            default -> throw noFormat(to);
        };
    }

    /** Pops a real of 32, 64 or 80 bits. */
    default Assembler fstp(Mem to) {
        return switch (to.bits()) {
            case 32 -> x87(0xD9, 3, to);
            case 64 -> x87(0xDD, 3, to);
            case 80 -> x87(0xDB, 7, to);
            default -> throw noFormat(to);
        };
    }

    /** Pushes an integer of 16, 32 or 64 bits. */
    default Assembler fild(Mem from) {
        return switch (from.bits()) {
            case 16 -> x87(0xDF, 0, from);
            case 32 -> x87(0xDB, 0, from);
            case 64 -> x87(0xDF, 5, from);
            default -> throw noFormat(from);
        };
    }

    /** Pops an integer of 16, 32 or 64 bits. */
    default Assembler fistp(Mem to) {
        return switch (to.bits()) {
            case 16 -> x87(0xDF, 3, to);
            case 32 -> x87(0xDB, 3, to);
            case 64 -> x87(0xDF, 7, to);
            default -> throw noFormat(to);
        };
    }

    private static AssemblyException noFormat(Mem operand) {
        return new AssemblyException("the x87 has no such format of " + operand.bits() + " bits");
    }

    default Assembler fld(int st) {
        return x87(0xD9C0, st);
    }

    default Assembler fxch(int st) {
        return x87(0xD9C8, st);
    }

    default Assembler fstp(int st) {
        return x87(0xDDD8, st);
    }

    default Assembler ffree(int st) {
        return x87(0xDDC0, st);
    }

    default Assembler faddp(int st) {
        return x87(0xDEC0, st);
    }

    default Assembler fmulp(int st) {
        return x87(0xDEC8, st);
    }

    default Assembler fsubp(int st) {
        return x87(0xDEE8, st);
    }

    default Assembler fdivp(int st) {
        return x87(0xDEF8, st);
    }

    default Assembler fcomip(int st) {
        return x87(0xDFF0, st);
    }

    default Assembler fucomip(int st) {
        return x87(0xDFE8, st);
    }

    default Assembler fchs() {
        return op(0, 0xD9E0);
    }

    default Assembler fabs() {
        return op(0, 0xD9E1);
    }

    default Assembler fld1() {
        return op(0, 0xD9E8);
    }

    default Assembler fldpi() {
        return op(0, 0xD9EB);
    }

    default Assembler fldz() {
        return op(0, 0xD9EE);
    }

    default Assembler fsqrt() {
        return op(0, 0xD9FA);
    }

    default Assembler fnclex() {
        return op(0, 0xDBE2);
    }

    default Assembler fninit() {
        return op(0, 0xDBE3);
    }

    default Assembler fnop() {
        return op(0, 0xD9D0);
    }

    default Assembler emms() {
        return op(0, 0xF77);
    }

    default Assembler fwait() {
        return op(0, 0x9B);
    }

    default Assembler fldcw(Mem from) {
        return x87(0xD9, 5, from);
    }

    default Assembler fnstcw(Mem to) {
        return x87(0xD9, 7, to);
    }

    default Assembler fnstsw(Mem to) {
        return x87(0xDD, 7, to);
    }

    /** Into AX. */
    default Assembler fnstsw() {
        return op(0, 0xDFE0);
    }

    default Assembler fldenv(Mem from) {
        return x87(0xD9, 4, from);
    }

    default Assembler fnstenv(Mem to) {
        return x87(0xD9, 6, to);
    }

    default Assembler frstor(Mem from) {
        return x87(0xDD, 4, from);
    }

    default Assembler fnsave(Mem to) {
        return x87(0xDD, 6, to);
    }
}
