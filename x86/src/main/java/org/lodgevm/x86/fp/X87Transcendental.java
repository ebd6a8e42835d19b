package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.Extended.exponent;
import static org.lodgevm.x86.fp.Extended.isInfinite;
import static org.lodgevm.x86.fp.Extended.isNegative;
import static org.lodgevm.x86.fp.Extended.isZero;
import static org.lodgevm.x86.fp.Extended.normalized;
import static org.lodgevm.x86.fp.Extended.noteDenormal;
import static org.lodgevm.x86.fp.ExtendedArithmetic.isNotANumber;

/** F2XM1, FYL2X, FYL2XP1, FPATAN, FPTAN, FSIN, FCOS and FSINCOS: their special cases, around {@link Logarithms} and {@link Angles}. @sdm 1:8.3.7 @sdm 1:8.3.9 */
public final class X87Transcendental {
    /** Angles of that exponent or above are left alone, with C2 set. */
    private static final int ANGLE_LIMIT = 63;
    /** Codes in place of a quarter: the answer is in the result slot already; the angle is zero; C2 was set. */
    private static final int NO_ANGLE = -1;
    private static final int ZERO_ANGLE = -2;
    private static final int TOO_LARGE = -3;

    private X87Transcendental() {}

    public static void f2xm1(X87 x) {
        x.begin();
        if (x.fetch(0)) {
            powerMinusOne(x, x.fp.signExponent, x.fp.significand);
        }
        x.finish(0, 0);
    }

    private static void powerMinusOne(X87 x, int signExponent, long significand) {
        FpContext c = x.fp;
        boolean negative = isNegative(signExponent);
        if (isNotANumber(signExponent, significand)) {
            Extended.propagate(c, signExponent, significand);
        } else if (isInfinite(signExponent, significand)) {
            if (negative) {
                Extended.setOne(c, true);
            }
        } else if (!isZero(signExponent, significand)) {
            noteDenormal(c, signExponent, significand);
            int exponent = exponent(signExponent, significand);
            if (c.hasNoResult()) {
                return;
            }
            if (exponent < 0) {
                x.logarithms.powerMinusOne(c, negative, exponent, normalized(significand));
                Extended.pack(c, 64);
            } else {
                // Beyond the documented range the operand is the result, as it would be for 1; for -1 it is -1/2.
                c.flags |= FpContext.PE;
                if (negative && exponent == 0 && significand == Extended.INTEGER) {
                    c.signExponent--;
                }
            }
        }
    }

    public static void fyl2x(X87 x) {
        x.begin();
        if (x.isEmpty(0) || x.isEmpty(1)) {
            x.underflow();
        } else {
            logarithm(x, x.signExponent(1), x.significand(1), x.signExponent(0), x.significand(0));
        }
        x.finish(1, 1);
    }

    private static void logarithm(X87 x, int ySignExponent, long y, int signExponent, long significand) {
        FpContext c = x.fp;
        if (isNotANumber(ySignExponent, y) || isNotANumber(signExponent, significand)) {
            Extended.propagate(c, ySignExponent, y, signExponent, significand);
            return;
        }
        boolean zero = isZero(signExponent, significand);
        boolean yZero = isZero(ySignExponent, y);
        boolean yInfinite = isInfinite(ySignExponent, y);
        boolean isOne = (signExponent & Extended.EXPONENT) == Extended.BIAS && significand == Extended.INTEGER;
        boolean infinite = isInfinite(signExponent, significand);
        if (!zero && isNegative(signExponent) || yZero && (zero || infinite) || yInfinite && isOne) {
            Extended.setInvalid(c);
            return;
        }
        boolean belowOne = (signExponent & Extended.EXPONENT) < Extended.BIAS;
        boolean negative = isNegative(ySignExponent) != belowOne;
        if (zero && !yInfinite) {
            c.flags |= FpContext.ZE;
            Extended.setInfinity(c, negative);
            return;
        }
        noteDenormal(c, ySignExponent, y);
        noteDenormal(c, signExponent, significand);
        if (yInfinite || infinite) {
            Extended.setInfinity(c, negative);
        } else if (yZero || isOne) {
            Extended.setZero(c, negative);
        } else if (!c.hasNoResult()) {
            x.logarithms.logarithm(c, isNegative(ySignExponent), exponent(ySignExponent, y), normalized(y),
                    exponent(signExponent, significand), normalized(significand));
            packInexact(c);
        }
    }

    /** Rounds a logarithm, which counts as inexact even where it is not. */
    private static void packInexact(FpContext c) {
        Extended.pack(c, 64);
        c.flags |= Extended.isDenormal(c.signExponent, c.significand) ? FpContext.UE | FpContext.PE : FpContext.PE;
    }

    public static void fyl2xp1(X87 x) {
        x.begin();
        if (x.isEmpty(0) || x.isEmpty(1)) {
            x.underflow();
        } else {
            logarithmPlusOne(x, x.signExponent(1), x.significand(1), x.signExponent(0), x.significand(0));
        }
        x.finish(1, 1);
    }

    private static void logarithmPlusOne(X87 x, int ySignExponent, long y, int signExponent, long significand) {
        FpContext c = x.fp;
        if (isNotANumber(ySignExponent, y) || isNotANumber(signExponent, significand)) {
            Extended.propagate(c, ySignExponent, y, signExponent, significand);
            return;
        }
        boolean zero = isZero(signExponent, significand);
        boolean infinite = isInfinite(signExponent, significand);
        boolean yZero = isZero(ySignExponent, y);
        boolean yInfinite = isInfinite(ySignExponent, y);
        boolean negative = isNegative(signExponent);
        if (infinite && (negative || yZero) || yInfinite && zero) {
            Extended.setInvalid(c);
            return;
        }
        boolean resultNegative = isNegative(ySignExponent) != negative;
        noteDenormal(c, ySignExponent, y);
        noteDenormal(c, signExponent, significand);
        if (infinite || yInfinite) {
            Extended.setInfinity(c, resultNegative);
        } else if (zero || yZero) {
            Extended.setZero(c, resultNegative);
        } else if (!c.hasNoResult()) {
            int exponent = exponent(signExponent, significand);
            if (negative && exponent >= 0) {
                // There is no logarithm, and no documented result: hardware leaves the operand.
                c.flags |= FpContext.PE;
                c.setExtended(signExponent, significand);
                return;
            }
            x.logarithms.logarithmPlusOne(c, isNegative(ySignExponent), exponent(ySignExponent, y), normalized(y), negative,
                    exponent, normalized(significand));
            packInexact(c);
        }
    }

    public static void fpatan(X87 x) {
        x.begin();
        if (x.isEmpty(0) || x.isEmpty(1)) {
            x.underflow();
        } else {
            arcTangent(x, x.signExponent(1), x.significand(1), x.signExponent(0), x.significand(0));
        }
        x.finish(1, 1);
    }

    private static void arcTangent(X87 x, int ySignExponent, long y, int xSignExponent, long significand) {
        FpContext c = x.fp;
        if (isNotANumber(ySignExponent, y) || isNotANumber(xSignExponent, significand)) {
            Extended.propagate(c, ySignExponent, y, xSignExponent, significand);
            return;
        }
        boolean negative = isNegative(ySignExponent);
        boolean left = isNegative(xSignExponent);
        boolean yInfinite = isInfinite(ySignExponent, y);
        boolean xInfinite = isInfinite(xSignExponent, significand);
        boolean yZero = isZero(ySignExponent, y);
        noteDenormal(c, ySignExponent, y);
        noteDenormal(c, xSignExponent, significand);
        if (c.hasNoResult()) {
            return;
        }
        if (yInfinite) {
            eighthsOfCircle(c, negative, !xInfinite ? 2 : left ? 3 : 1);
        } else if (yZero || xInfinite) {
            eighthsOfCircle(c, negative, left ? 4 : 0);
        } else if (isZero(xSignExponent, significand)) {
            eighthsOfCircle(c, negative, 2);
        } else {
            x.angles.arcTangent(c, negative, exponent(ySignExponent, y), normalized(y), left,
                    exponent(xSignExponent, significand), normalized(significand));
            Extended.pack(c, 64);
        }
    }

    /** Zero, or up to four times pi/4, rounded. */
    private static void eighthsOfCircle(FpContext c, boolean negative, int eighths) {
        if (eighths == 0) {
            Extended.setZero(c, negative);
        } else {
            Angles.multipleOfQuarterPi(c, negative, eighths);
            Extended.pack(c, 64);
        }
    }

    public static void fsin(X87 x) {
        sineOfSum(x, 0);
    }

    public static void fcos(X87 x) {
        sineOfSum(x, 1);
    }

    /** The sine of ST(0) plus {@code quarters} times pi/2. */
    private static void sineOfSum(X87 x, int quarters) {
        x.begin();
        x.setC2(false);
        if (x.fetch(0)) {
            int reduced = reduce(x);
            if (reduced >= 0) {
                sine(x, reduced + quarters);
            } else if (reduced == ZERO_ANGLE && quarters == 1) {
                Extended.setOne(x.fp, false);
            }
        }
        x.finish(0, 0);
    }

    /** ST(0) becomes the sine, and the cosine is pushed. */
    public static void fsincos(X87 x) {
        FpContext c = x.fp;
        int reduced = beginPair(x);
        if (reduced >= 0) {
            sine(x, reduced + 1);
            int cosineSignExponent = c.signExponent;
            long cosine = c.significand;
            sine(x, reduced);
            x.finishPair(cosineSignExponent, cosine);
        } else {
            finishPair(x, reduced);
        }
    }

    /** ST(0) becomes the tangent, and 1 is pushed. */
    public static void fptan(X87 x) {
        int reduced = beginPair(x);
        if (reduced >= 0) {
            x.angles.tangent(x.fp, reduced);
            Extended.pack(x.fp, 64);
            x.finishPair(Extended.BIAS, Extended.INTEGER);
        } else {
            finishPair(x, reduced);
        }
    }

    private static int beginPair(X87 x) {
        x.begin();
        x.setC2(false);
        return x.readyToPush() && x.fetch(0) ? reduce(x) : NO_ANGLE;
    }

    private static void finishPair(X87 x, int reduced) {
        switch (reduced) {
            case TOO_LARGE -> x.finish(0, 0);
            case ZERO_ANGLE -> x.finishPair(Extended.BIAS, Extended.INTEGER);
            default -> x.finishPair(x.fp.signExponent, x.fp.significand);
        }
    }

    private static void sine(X87 x, int quarters) {
        x.angles.sine(x.fp, quarters);
        Extended.pack(x.fp, 64);
    }

    /** Reduces the angle in the result slot. Returns the quarters of the circle removed, or one of the negative codes. */
    private static int reduce(X87 x) {
        FpContext c = x.fp;
        int signExponent = c.signExponent;
        long significand = c.significand;
        if (isNotANumber(signExponent, significand)) {
            Extended.propagate(c, signExponent, significand);
            return NO_ANGLE;
        }
        if (isInfinite(signExponent, significand)) {
            Extended.setInvalid(c);
            return NO_ANGLE;
        }
        if (isZero(signExponent, significand)) {
            return ZERO_ANGLE;
        }
        int exponent = exponent(signExponent, significand);
        if (exponent >= ANGLE_LIMIT) {
            x.setC2(true);
            return TOO_LARGE;
        }
        noteDenormal(c, signExponent, significand);
        return c.hasNoResult()
                ? NO_ANGLE
                : x.angles.reduceAngle(isNegative(signExponent), exponent, normalized(significand));
    }
}
