package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.SeriesConstants.ARC_TANGENT;
import static org.lodgevm.x86.fp.SeriesConstants.EXPONENTIAL;
import static org.lodgevm.x86.fp.SeriesConstants.LN_2;
import static org.lodgevm.x86.fp.SeriesConstants.LOG_2_E;

/** Powers of two and binary logarithms of finite nonzero numbers, to about 120 bits; logarithms of powers of two are exact. */
final class Logarithms extends SeriesArgument {
    /** The significand of the square root of 2. */
    private static final long ROOT_2 = 0xb504_f333_f9de_6484L;

    /** {@code 2^x - 1}, the exponent of x below 0. */
    void powerMinusOne(FpContext c, boolean negative, int exponent, long x) {
        argument.set(LN_2).multiply(x, 0);
        argumentExponent = exponent + 1 - argument.normalize();
        term.set(argument).shiftRight(-1 - argumentExponent);
        sum.series(EXPONENTIAL, term, negative);
        scaleArgument(c, negative, sum);
    }

    /** {@code y * log2(x)} for positive x other than 1. */
    void logarithm(FpContext c, boolean yNegative, int yExponent, long y, int exponent, long x) {
        argument.set(x, 0);
        logarithmOfArgument(c, exponent);
        multiplyResult(c, yNegative, yExponent, y);
    }

    /** {@code y * log2(x + 1)} for x above -1. */
    void logarithmPlusOne(FpContext c, boolean yNegative, int yExponent, long y, boolean negative, int exponent, long x) {
        if (exponent < -2) {
            // x / (2 + x), the denominator halved to be below 2.
            argument.set(x, 0);
            argumentExponent = exponent;
            term.set(x, 0).shiftRight(1 - exponent);
            square.set(TOP, 0);
            divideArgument(negative ? term.subtractFrom(square) : term.add(square), 1);
            argumentNegative = negative;
            logarithmBySeries(c);
        } else if (exponent > 63) {
            argument.set(x, 0);
            logarithmOfArgument(c, exponent);
        } else {
            logarithmOfArgument(c, addOne(negative, exponent, x));
        }
        multiplyResult(c, yNegative, yExponent, y);
    }

    /** Leaves {@code x + 1} in the argument, normalized, and returns its exponent. */
    private int addOne(boolean negative, int exponent, long x) {
        int scale = Math.max(exponent, 0) + 1;
        argument.set(x, 0).shiftRight(scale - exponent);
        term.set(TOP, 0).shiftRight(scale);
        if (negative) {
            argument.subtractFrom(term);
        } else {
            argument.add(term);
        }
        return scale - argument.normalize();
    }

    /** The binary logarithm of the argument scaled by a power of two. */
    private void logarithmOfArgument(FpContext c, int exponent) {
        boolean upper = Long.compareUnsigned(argument.high, ROOT_2) > 0;
        int whole = upper ? exponent + 1 : exponent;
        argumentNegative = upper;
        term.set(argument);
        if (upper) {
            // (2 - m) / (2 + m), the denominator halved to be below 2.
            argument.subtractFrom(square.set(0, 0));
            term.shiftRight(1).add(square.set(TOP, 0));
        } else {
            // (m - 1) / (m + 1), likewise.
            argument.subtract(square.set(TOP, 0));
            term.shiftRight(1).add(square.shiftRight(1));
        }
        if (argument.isZero()) {
            c.negative = false;
            c.high = 0;
        } else {
            argumentExponent = -argument.normalize();
            divideArgument(term, 1);
            logarithmBySeries(c);
        }
        if (whole != 0) {
            addWhole(c, whole);
        }
    }

    /** {@code 2 / ln 2 * atanh} of the argument. */
    private void logarithmBySeries(FpContext c) {
        squareArgument();
        sum.series(ARC_TANGENT, square, false).multiply(LOG_2_E);
        argumentExponent += 2;
        scaleArgument(c, argumentNegative, sum);
    }

    /** Adds a nonzero integer to a result of at most 1/2, with 112 places behind the point. */
    private void addWhole(FpContext c, int whole) {
        term.set((long) Math.abs(whole) << 48, 0);
        long sticky = c.high != 0 ? 1 : 0;
        if (c.high != 0) {
            sum.set(c.high, c.low).shiftRight(15 - c.exponent);
            if (c.negative == whole < 0) {
                term.add(sum);
            } else {
                term.subtract(sum);
            }
        }
        c.exponent = 15 - term.normalize();
        c.negative = whole < 0;
        c.high = term.high;
        c.low = term.low | sticky;
    }

    private void multiplyResult(FpContext c, boolean yNegative, int yExponent, long y) {
        argument.set(c.high, c.low).multiply(y, 0);
        c.exponent += yExponent + 1 - argument.normalize();
        c.negative ^= yNegative;
        c.high = argument.high;
        c.low = argument.low | c.low & 1;
    }
}
