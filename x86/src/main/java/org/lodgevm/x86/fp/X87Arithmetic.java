package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.ExtendedArithmetic.isNotANumber;

/**
 * FADD, FMUL, FSUB, FSUBR, FDIV and FDIVR in all their forms. @sdm 1:8.3.5
 *
 * <p>The plain name is the form {@code ST(0) <- ST(0) op ST(i)}, {@code ...To} is {@code ST(i) <- ST(i) op ST(0)}, {@code ...p}
 * is that with a pop. {@code ...M32} and {@code ...M64} take the bits of a floating-point operand from memory, {@code
 * fi...M16} and {@code fi...M32} those of an integer; bits above an operand's width are ignored.
 */
public final class X87Arithmetic {
    /** The operations, as the reg field of ModRM has them in escapes D8, DA, DC (memory) and DE (memory). @sdm 2D:A.5 */
    private static final int ADD = 0;
    private static final int MULTIPLY = 1;
    private static final int SUBTRACT = 4;
    private static final int SUBTRACT_REVERSED = 5;
    private static final int DIVIDE = 6;
    private static final int DIVIDE_REVERSED = 7;

    private X87Arithmetic() {}

    public static void fadd(X87 x, int i) {
        registers(x, ADD, 0, i, 0);
    }

    public static void faddTo(X87 x, int i) {
        registers(x, ADD, i, 0, 0);
    }

    public static void faddp(X87 x, int i) {
        registers(x, ADD, i, 0, 1);
    }

    public static void faddM32(X87 x, long bits) {
        memory(x, ADD, Format.BINARY32, bits);
    }

    public static void faddM64(X87 x, long bits) {
        memory(x, ADD, Format.BINARY64, bits);
    }

    public static void fiaddM16(X87 x, long bits) {
        integer(x, ADD, (short) bits);
    }

    public static void fiaddM32(X87 x, long bits) {
        integer(x, ADD, (int) bits);
    }

    public static void fmul(X87 x, int i) {
        registers(x, MULTIPLY, 0, i, 0);
    }

    public static void fmulTo(X87 x, int i) {
        registers(x, MULTIPLY, i, 0, 0);
    }

    public static void fmulp(X87 x, int i) {
        registers(x, MULTIPLY, i, 0, 1);
    }

    public static void fmulM32(X87 x, long bits) {
        memory(x, MULTIPLY, Format.BINARY32, bits);
    }

    public static void fmulM64(X87 x, long bits) {
        memory(x, MULTIPLY, Format.BINARY64, bits);
    }

    public static void fimulM16(X87 x, long bits) {
        integer(x, MULTIPLY, (short) bits);
    }

    public static void fimulM32(X87 x, long bits) {
        integer(x, MULTIPLY, (int) bits);
    }

    public static void fsub(X87 x, int i) {
        registers(x, SUBTRACT, 0, i, 0);
    }

    public static void fsubTo(X87 x, int i) {
        registers(x, SUBTRACT, i, 0, 0);
    }

    public static void fsubp(X87 x, int i) {
        registers(x, SUBTRACT, i, 0, 1);
    }

    public static void fsubM32(X87 x, long bits) {
        memory(x, SUBTRACT, Format.BINARY32, bits);
    }

    public static void fsubM64(X87 x, long bits) {
        memory(x, SUBTRACT, Format.BINARY64, bits);
    }

    public static void fisubM16(X87 x, long bits) {
        integer(x, SUBTRACT, (short) bits);
    }

    public static void fisubM32(X87 x, long bits) {
        integer(x, SUBTRACT, (int) bits);
    }

    public static void fsubr(X87 x, int i) {
        registers(x, SUBTRACT_REVERSED, 0, i, 0);
    }

    public static void fsubrTo(X87 x, int i) {
        registers(x, SUBTRACT_REVERSED, i, 0, 0);
    }

    public static void fsubrp(X87 x, int i) {
        registers(x, SUBTRACT_REVERSED, i, 0, 1);
    }

    public static void fsubrM32(X87 x, long bits) {
        memory(x, SUBTRACT_REVERSED, Format.BINARY32, bits);
    }

    public static void fsubrM64(X87 x, long bits) {
        memory(x, SUBTRACT_REVERSED, Format.BINARY64, bits);
    }

    public static void fisubrM16(X87 x, long bits) {
        integer(x, SUBTRACT_REVERSED, (short) bits);
    }

    public static void fisubrM32(X87 x, long bits) {
        integer(x, SUBTRACT_REVERSED, (int) bits);
    }

    public static void fdiv(X87 x, int i) {
        registers(x, DIVIDE, 0, i, 0);
    }

    public static void fdivTo(X87 x, int i) {
        registers(x, DIVIDE, i, 0, 0);
    }

    public static void fdivp(X87 x, int i) {
        registers(x, DIVIDE, i, 0, 1);
    }

    public static void fdivM32(X87 x, long bits) {
        memory(x, DIVIDE, Format.BINARY32, bits);
    }

    public static void fdivM64(X87 x, long bits) {
        memory(x, DIVIDE, Format.BINARY64, bits);
    }

    public static void fidivM16(X87 x, long bits) {
        integer(x, DIVIDE, (short) bits);
    }

    public static void fidivM32(X87 x, long bits) {
        integer(x, DIVIDE, (int) bits);
    }

    public static void fdivr(X87 x, int i) {
        registers(x, DIVIDE_REVERSED, 0, i, 0);
    }

    public static void fdivrTo(X87 x, int i) {
        registers(x, DIVIDE_REVERSED, i, 0, 0);
    }

    public static void fdivrp(X87 x, int i) {
        registers(x, DIVIDE_REVERSED, i, 0, 1);
    }

    public static void fdivrM32(X87 x, long bits) {
        memory(x, DIVIDE_REVERSED, Format.BINARY32, bits);
    }

    public static void fdivrM64(X87 x, long bits) {
        memory(x, DIVIDE_REVERSED, Format.BINARY64, bits);
    }

    public static void fidivrM16(X87 x, long bits) {
        integer(x, DIVIDE_REVERSED, (short) bits);
    }

    public static void fidivrM32(X87 x, long bits) {
        integer(x, DIVIDE_REVERSED, (int) bits);
    }

    private static void registers(X87 x, int operation, int destination, int source, int pops) {
        x.begin();
        if (x.isEmpty(destination) || x.isEmpty(source)) {
            x.underflow();
        } else {
            compute(x.fp, operation, x.signExponent(destination), x.significand(destination), x.signExponent(source),
                    x.significand(source));
        }
        x.finish(destination, pops);
    }

    private static void memory(X87 x, int operation, Format format, long bits) {
        x.begin();
        if (x.isEmpty(0)) {
            x.underflow();
        } else {
            FpContext c = x.fp;
            int signExponent = x.signExponent(0);
            long significand = x.significand(0);
            boolean overZero = operation == DIVIDE_REVERSED && Extended.isZero(signExponent, significand);
            if (format.isDenormal(bits) && !overZero && !isNotANumber(signExponent, significand)) {
                c.flags |= FpContext.DE;
            }
            Extended.widen(c, format, bits);
            compute(c, operation, signExponent, significand, c.signExponent, c.significand);
        }
        x.finish(0, 0);
    }

    private static void integer(X87 x, int operation, long value) {
        x.begin();
        if (x.isEmpty(0)) {
            x.underflow();
        } else {
            ExtendedIntegers.fromLong(x.fp, value);
            compute(x.fp, operation, x.signExponent(0), x.significand(0), x.fp.signExponent, x.fp.significand);
        }
        x.finish(0, 0);
    }

    private static void compute(FpContext c, int operation, int aSignExponent, long a, int bSignExponent, long b) {
        switch (operation) {
            case ADD -> ExtendedArithmetic.add(c, aSignExponent, a, bSignExponent, b);
            case MULTIPLY -> ExtendedArithmetic.multiply(c, aSignExponent, a, bSignExponent, b);
            case SUBTRACT -> ExtendedArithmetic.subtract(c, aSignExponent, a, bSignExponent, b);
            case SUBTRACT_REVERSED -> ExtendedArithmetic.subtract(c, bSignExponent, b, aSignExponent, a);
            case DIVIDE -> ExtendedArithmetic.divide(c, aSignExponent, a, bSignExponent, b);
            default -> ExtendedArithmetic.divide(c, bSignExponent, b, aSignExponent, a);
        }
    }
}
