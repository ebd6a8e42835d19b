package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.X87.C0;
import static org.lodgevm.x86.fp.X87.C2;
import static org.lodgevm.x86.fp.X87.C3;

/** Comparisons, FTST and FXAM. The unordered ones (FUCOM...) accept quiet NaNs. @sdm 1:8.3.6 */
public final class X87Compare {
    private static final int CF = 1;
    private static final int PF = 1 << 2;
    private static final int ZF = 1 << 6;
    /** CF, PF, AF, ZF, SF and OF: those which FCOMI sets or clears. */
    private static final int ARITHMETIC_FLAGS = 0x8d5;

    private X87Compare() {}

    public static void fcom(X87 x, int i) {
        registers(x, i, true, 0);
    }

    public static void fcomp(X87 x, int i) {
        registers(x, i, true, 1);
    }

    public static void fcompp(X87 x) {
        registers(x, 1, true, 2);
    }

    public static void fucom(X87 x, int i) {
        registers(x, i, false, 0);
    }

    public static void fucomp(X87 x, int i) {
        registers(x, i, false, 1);
    }

    public static void fucompp(X87 x) {
        registers(x, 1, false, 2);
    }

    public static void fcomM32(X87 x, long bits) {
        memory(x, Format.BINARY32, bits, 0);
    }

    public static void fcompM32(X87 x, long bits) {
        memory(x, Format.BINARY32, bits, 1);
    }

    public static void fcomM64(X87 x, long bits) {
        memory(x, Format.BINARY64, bits, 0);
    }

    public static void fcompM64(X87 x, long bits) {
        memory(x, Format.BINARY64, bits, 1);
    }

    public static void ficomM16(X87 x, long bits) {
        integer(x, (short) bits, 0);
    }

    public static void ficompM16(X87 x, long bits) {
        integer(x, (short) bits, 1);
    }

    public static void ficomM32(X87 x, long bits) {
        integer(x, (int) bits, 0);
    }

    public static void ficompM32(X87 x, long bits) {
        integer(x, (int) bits, 1);
    }

    public static void ftst(X87 x) {
        integer(x, 0, 0);
    }

    /** @return EFLAGS after the instruction, of which {@code eflags} are those before */
    public static int fcomi(X87 x, int i, int eflags) {
        return toFlags(x, i, true, 0, eflags);
    }

    public static int fcomip(X87 x, int i, int eflags) {
        return toFlags(x, i, true, 1, eflags);
    }

    public static int fucomi(X87 x, int i, int eflags) {
        return toFlags(x, i, false, 0, eflags);
    }

    public static int fucomip(X87 x, int i, int eflags) {
        return toFlags(x, i, false, 1, eflags);
    }

    /** @sdm 2A:FXAM */
    public static void fxam(X87 x) {
        int signExponent = x.signExponent(0);
        long significand = x.significand(0);
        int kind;
        if (x.isEmpty(0)) {
            kind = C3 | C0;
        } else if (Extended.isUnsupported(signExponent, significand)) {
            kind = 0;
        } else if (Extended.isNan(signExponent, significand)) {
            kind = C0;
        } else if (Extended.isInfinite(signExponent, significand)) {
            kind = C2 | C0;
        } else if (Extended.isZero(signExponent, significand)) {
            kind = C3;
        } else {
            kind = Extended.isDenormal(signExponent, significand) ? C3 | C2 : C2;
        }
        x.setConditions(kind);
        x.setC1(Extended.isNegative(signExponent));
    }

    private static void registers(X87 x, int i, boolean quietIsInvalid, int pops) {
        x.begin();
        int outcome = compare(x, i, quietIsInvalid);
        finish(x, outcome, pops);
    }

    private static void memory(X87 x, Format format, long bits, int pops) {
        x.begin();
        FpContext c = x.fp;
        int outcome = ExtendedArithmetic.UNORDERED;
        if (x.isEmpty(0)) {
            x.underflow();
        } else {
            Extended.widen(c, format, bits);
            outcome = ExtendedArithmetic.compare(c, x.signExponent(0), x.significand(0), c.signExponent, c.significand, true);
            if (format.isDenormal(bits) && outcome != ExtendedArithmetic.UNORDERED) {
                c.flags |= FpContext.DE;
            }
        }
        finish(x, outcome, pops);
    }

    private static void integer(X87 x, long value, int pops) {
        x.begin();
        FpContext c = x.fp;
        int outcome = ExtendedArithmetic.UNORDERED;
        if (x.isEmpty(0)) {
            x.underflow();
        } else {
            ExtendedIntegers.fromLong(c, value);
            outcome = ExtendedArithmetic.compare(c, x.signExponent(0), x.significand(0), c.signExponent, c.significand, true);
        }
        finish(x, outcome, pops);
    }

    private static int compare(X87 x, int i, boolean quietIsInvalid) {
        if (x.isEmpty(0) || x.isEmpty(i)) {
            x.underflow();
            return ExtendedArithmetic.UNORDERED;
        }
        return ExtendedArithmetic.compare(
                x.fp, x.signExponent(0), x.significand(0), x.signExponent(i), x.significand(i), quietIsInvalid);
    }

    private static void finish(X87 x, int outcome, int pops) {
        x.setConditions(switch (outcome) {
            case ExtendedArithmetic.LESS -> C0;
            case ExtendedArithmetic.EQUAL -> C3;
            case ExtendedArithmetic.GREATER -> 0;
            default -> C3 | C2 | C0;
        });
        if (!x.fp.hasNoResult()) {
            x.pop(pops);
        }
        x.raise();
    }

    private static int toFlags(X87 x, int i, boolean quietIsInvalid, int pops, int eflags) {
        x.begin();
        int outcome = compare(x, i, quietIsInvalid);
        if (!x.fp.hasNoResult()) {
            x.pop(pops);
        }
        x.raiseKeepingC1();
        return eflags & ~ARITHMETIC_FLAGS | switch (outcome) {
            case ExtendedArithmetic.LESS -> CF;
            case ExtendedArithmetic.EQUAL -> ZF;
            case ExtendedArithmetic.GREATER -> 0;
            default -> ZF | PF | CF;
        };
    }

}
