package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.ExtendedArithmetic.isNotANumber;

/** Instructions on the top of the stack that are exact or correctly rounded, and the constants. @sdm 1:8.3.4 @sdm 1:8.3.5 */
public final class X87Functions {
    private X87Functions() {}

    public static void fchs(X87 x) {
        x.begin();
        if (x.fetch(0)) {
            x.fp.signExponent ^= Extended.SIGN;
        }
        x.finish(0, 0);
    }

    public static void fabs(X87 x) {
        x.begin();
        if (x.fetch(0)) {
            x.fp.signExponent &= ~Extended.SIGN;
        }
        x.finish(0, 0);
    }

    public static void fsqrt(X87 x) {
        x.begin();
        if (x.fetch(0)) {
            ExtendedArithmetic.squareRoot(x.fp, x.fp.signExponent, x.fp.significand);
        }
        x.finish(0, 0);
    }

    public static void frndint(X87 x) {
        x.begin();
        if (x.fetch(0)) {
            ExtendedIntegers.roundToIntegral(x.fp, x.fp.signExponent, x.fp.significand);
        }
        x.finish(0, 0);
    }

    public static void fprem(X87 x) {
        remainder(x, false);
    }

    public static void fprem1(X87 x) {
        remainder(x, true);
    }

    private static void remainder(X87 x, boolean nearest) {
        x.begin();
        int conditions = Remainder.NO_QUOTIENT;
        if (x.isEmpty(0) || x.isEmpty(1)) {
            x.underflow();
        } else {
            conditions = Remainder.remainder(x.fp, x.signExponent(0), x.significand(0), x.signExponent(1), x.significand(1), nearest);
        }
        x.finish(0, 0);
        if (conditions == Remainder.NO_QUOTIENT) {
            x.setC2(false);
        } else {
            x.setConditions(conditions & ~X87.C1);
            x.setC1((conditions & X87.C1) != 0);
        }
    }

    public static void fscale(X87 x) {
        x.begin();
        if (x.isEmpty(0) || x.isEmpty(1)) {
            x.underflow();
        } else {
            scale(x.fp, x.signExponent(0), x.significand(0), x.signExponent(1), x.significand(1));
        }
        x.finish(0, 0);
    }

    private static void scale(FpContext c, int aSignExponent, long a, int bSignExponent, long b) {
        if (isNotANumber(aSignExponent, a) || isNotANumber(bSignExponent, b)) {
            Extended.propagate(c, aSignExponent, a, bSignExponent, b);
            return;
        }
        boolean negative = Extended.isNegative(aSignExponent);
        boolean down = Extended.isNegative(bSignExponent);
        boolean byInfinity = Extended.isInfinite(bSignExponent, b);
        if (byInfinity && (down ? Extended.isInfinite(aSignExponent, a) : Extended.isZero(aSignExponent, a))) {
            Extended.setInvalid(c);
            return;
        }
        Extended.noteDenormal(c, aSignExponent, a);
        Extended.noteDenormal(c, bSignExponent, b);
        if (byInfinity) {
            if (down) {
                Extended.setZero(c, negative);
            } else {
                Extended.setInfinity(c, negative);
            }
        } else if (!Extended.isFiniteNonzero(aSignExponent, a)) {
            c.setExtended(aSignExponent, a);
        } else if (!c.hasNoResult()) {
            c.set(negative, Extended.exponent(aSignExponent, a) + wholePart(bSignExponent, b), Extended.normalized(a));
            Extended.pack(c, 64);
        }
    }

    /** The integer part of a finite number, limited to what is sure to overflow or underflow any other. */
    private static int wholePart(int signExponent, long significand) {
        if (significand == 0) {
            return 0;
        }
        int exponent = Extended.exponent(signExponent, significand);
        int magnitude = exponent < 0 ? 0 : exponent > 16 ? 1 << 17 : (int) (Extended.normalized(significand) >>> 63 - exponent);
        return Extended.isNegative(signExponent) ? -magnitude : magnitude;
    }

    /** ST(0) becomes the exponent, and the significand is pushed. */
    public static void fxtract(X87 x) {
        x.begin();
        FpContext c = x.fp;
        int signExponent = x.signExponent(0);
        long significand = x.significand(0);
        if (!x.readyToPush()) {
            x.finishPair(c.signExponent, c.significand);
        } else if (isNotANumber(signExponent, significand)) {
            Extended.propagate(c, signExponent, significand);
            x.finishPair(c.signExponent, c.significand);
        } else if (Extended.isInfinite(signExponent, significand)) {
            Extended.setInfinity(c, false);
            x.finishPair(signExponent, significand);
        } else if (significand == 0) {
            c.flags |= FpContext.ZE;
            Extended.setInfinity(c, true);
            x.finishPair(signExponent, significand);
        } else {
            Extended.noteDenormal(c, signExponent, significand);
            ExtendedIntegers.fromLong(c, Extended.exponent(signExponent, significand));
            x.finishPair(signExponent & Extended.SIGN | Extended.BIAS, Extended.normalized(significand));
        }
    }

    public static void fld1(X87 x) {
        constant(x, 0, Long.MIN_VALUE, 0);
    }

    public static void fldl2t(X87 x) {
        constant(x, 1, 0xd49a784bcd1b8afeL, 0x492bf6ff4dafdb4cL);
    }

    public static void fldl2e(X87 x) {
        constant(x, 0, 0xb8aa3b295c17f0bbL, 0xbe87fed0691d3e88L);
    }

    public static void fldpi(X87 x) {
        constant(x, 1, 0xc90fdaa22168c234L, 0xc4c6628b80dc1cd1L);
    }

    public static void fldlg2(X87 x) {
        constant(x, -2, 0x9a209a84fbcff798L, 0x8f8959ac0b7c9178L);
    }

    public static void fldln2(X87 x) {
        constant(x, -1, 0xb17217f7d1cf79abL, 0xc9e3b39803f2f6afL);
    }

    public static void fldz(X87 x) {
        constant(x, 0, 0, 0);
    }

    /** Pushes a constant rounded by the rounding mode, which raises nothing. @sdm 1:8.3.4 */
    private static void constant(X87 x, int exponent, long significand, long more) {
        x.begin();
        FpContext c = x.fp;
        if (!x.isEmpty(-1)) {
            x.overflow();
        } else if (significand == 0) {
            c.setExtended(0, 0);
        } else {
            c.set(false, exponent, significand);
            c.low = more;
            c.setExtended(exponent + Extended.BIAS, c.round(0));
        }
        x.finishPush();
    }
}
