package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.SeriesConstants.ARC_TANGENT;
import static org.lodgevm.x86.fp.SeriesConstants.ARC_TANGENT_OF_SIXTEENTHS;
import static org.lodgevm.x86.fp.SeriesConstants.COSINE;
import static org.lodgevm.x86.fp.SeriesConstants.EXPONENTIAL;
import static org.lodgevm.x86.fp.SeriesConstants.HALF_PI;
import static org.lodgevm.x86.fp.SeriesConstants.HARDWARE_HALF_PI;
import static org.lodgevm.x86.fp.SeriesConstants.LN_2;
import static org.lodgevm.x86.fp.SeriesConstants.LOG_2_E;
import static org.lodgevm.x86.fp.SeriesConstants.SINE;
import static org.lodgevm.x86.fp.SeriesConstants.THREE_EIGHTHS_PI;

/**
 * The transcendental functions of finite nonzero arguments, to about 120 bits, into the context's intermediate result. Each
 * reduces its argument exactly and sums a power series.
 *
 * <p>Results always count as inexact, as hardware has them.
 */
final class Transcendental {
    private static final long TOP = Long.MIN_VALUE;
    /** The significand of the square root of 2. */
    private static final long ROOT_2 = 0xb504_f333_f9de_6484L;
    /** An angle with a smaller exponent than that is its own tangent, but for a trace. */
    private static final int TINY_ANGLE = -60;

    private final Wide sum = new Wide();
    private final Wide square = new Wide();
    private final Wide term = new Wide();
    private final Wide argument = new Wide();
    private int argumentExponent;
    private boolean argumentNegative;

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
        square.set(argument).shiftRight(-1 - argumentExponent);
        square.multiply(square);
        sum.series(ARC_TANGENT, square, false).multiply(LOG_2_E);
        argumentExponent += 2;
        scaleArgument(c, argumentNegative, sum);
    }

    /** Adds a nonzero integer to a result of at most 1/2, with 112 places behind the point. */
    private void addWhole(FpContext c, int whole) {
        term.set((long) Math.abs(whole) << 48, 0);
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
        c.low = term.low | 1;
    }

    private void multiplyResult(FpContext c, boolean yNegative, int yExponent, long y) {
        argument.set(c.high, c.low).multiply(y, 0);
        c.exponent += yExponent + 1 - argument.normalize();
        c.negative ^= yNegative;
        c.high = argument.high;
        c.low = argument.low | 1;
    }

    /** {@code atan2(y, x)}. */
    void arcTangent(FpContext c, boolean yNegative, int yExponent, long y, boolean xNegative, int xExponent, long x) {
        boolean steep = yExponent != xExponent ? yExponent > xExponent : Long.compareUnsigned(y, x) > 0;
        int exponent = steep ? xExponent - yExponent : yExponent - xExponent;
        argument.set(steep ? x : y, 0);
        argumentExponent = exponent;
        divideArgument(term.set(steep ? y : x, 0), 0);
        arcTangentOfArgument(c);
        if (steep || xNegative) {
            sum.set(c.high, c.low).shiftRight(Math.min(1 - c.exponent, 128));
            square.set(HALF_PI).shiftRight(steep ? 1 : 0);
            if (steep == xNegative) {
                sum.add(square);
            } else {
                sum.subtractFrom(square);
            }
            c.exponent = 1 - sum.normalize();
            c.high = sum.high;
            c.low = sum.low | 1;
        }
        c.negative = yNegative;
    }

    /** Of an argument up to 1: reduced by the nearest sixteenth, whose arc tangent is known. */
    private void arcTangentOfArgument(FpContext c) {
        if (argumentExponent < -5) {
            arcTangentBySeries();
            scaleArgument(c, false, sum);
            return;
        }
        // q - n/16 over 1 + q * n/16, with the point behind the top bit.
        argument.shiftRight(-argumentExponent);
        int sixteenths = (int) ((argument.high >>> 58) + 1 >>> 1);
        square.set((long) sixteenths << 59, 0);
        term.set(argument).multiply(square);
        term.add(term).add(square.set(TOP, 0));
        square.set((long) sixteenths << 59, 0);
        boolean below = argument.compare(square) < 0;
        if (below) {
            argument.subtractFrom(square);
        } else {
            argument.subtract(square);
        }
        sum.set(argument);
        if (!argument.isZero()) {
            argumentExponent = -argument.normalize();
            divideArgument(term, 0);
            arcTangentBySeries();
            scaleArgument(c, false, sum);
            sum.set(c.high, c.low).shiftRight(-c.exponent);
        }
        square.set(ARC_TANGENT_OF_SIXTEENTHS[2 * sixteenths], ARC_TANGENT_OF_SIXTEENTHS[2 * sixteenths + 1]);
        setResult(c, below ? square.subtract(sum) : square.add(sum));
    }

    /** {@code eighths} (1 to 4) times pi/4. */
    static void multipleOfQuarterPi(FpContext c, boolean negative, int eighths) {
        Wide multiple = eighths == 3 ? THREE_EIGHTHS_PI : HALF_PI;
        c.set(negative, eighths == 3 ? 1 : eighths / 2 - 1, multiple.high);
        c.low = multiple.low;
    }

    private static void setResult(FpContext c, Wide value) {
        c.exponent = -value.normalize();
        c.high = value.high;
        c.low = value.low | 1;
    }

    private void arcTangentBySeries() {
        square.set(argument).shiftRight(-1 - argumentExponent);
        square.multiply(square);
        sum.series(ARC_TANGENT, square, true).belowOne();
    }

    /**
     * Reduces an angle of exponent below 63 to at most pi/4: the argument becomes its distance from the nearest multiple of pi/2.
     *
     * @return the number of that multiple, modulo 4
     */
    int reduceAngle(boolean negative, int exponent, long x) {
        argument.set(x, 0);
        argumentExponent = exponent;
        argumentNegative = negative;
        if (exponent < -1) {
            return 0;
        }
        // The angle in units of 2^-127, 192 bits wide: at most 2^190.
        long quotient = 0;
        if (exponent < 0) {
            argument.shiftRight(1);
        } else {
            argument.set(exponent == 0 ? 0 : x >>> -exponent, x << exponent);
            quotient = argument.divideStep(0, HARDWARE_HALF_PI);
        }
        square.set(HARDWARE_HALF_PI).shiftRight(1);
        if (argument.compare(square) > 0) {
            argument.subtractFrom(HARDWARE_HALF_PI);
            argumentNegative = !negative;
            quotient++;
        }
        argumentExponent = -argument.normalize();
        return (int) (negative ? -quotient : quotient) & 3;
    }

    /** The sine of the reduced angle plus {@code quarters} times pi/2. */
    void sine(FpContext c, int quarters) {
        squareArgument();
        boolean opposite = (quarters & 2) != 0;
        if ((quarters & 1) == 0) {
            sum.series(SINE, square, true).belowOne();
            scaleArgument(c, argumentNegative != opposite, sum);
        } else {
            sum.series(COSINE, square, true).belowOne();
            c.negative = opposite;
            setResult(c, sum);
        }
    }

    /** The tangent of the reduced angle plus {@code quarters} times pi/2. */
    void tangent(FpContext c, int quarters) {
        boolean reciprocal = (quarters & 1) != 0;
        if (argumentExponent < TINY_ANGLE && !reciprocal) {
            c.set(argumentNegative, argumentExponent, argument.high);
            c.low = argument.low | 1;
            return;
        }
        squareArgument();
        term.series(COSINE, square, true);
        int cosineExponent = -term.normalize();
        sum.series(SINE, square, true);
        scaleArgument(c, argumentNegative, sum);
        sum.set(c.high, c.low);
        int sineExponent = c.exponent;
        if (reciprocal) {
            argument.set(term);
            argumentExponent = cosineExponent - sineExponent;
            divideArgument(sum, 0);
        } else {
            argument.set(sum);
            argumentExponent = sineExponent - cosineExponent;
            divideArgument(term, 0);
        }
        c.exponent = argumentExponent;
        c.high = argument.high;
        c.low = argument.low | 1;
        c.negative = argumentNegative != reciprocal;
    }

    private void squareArgument() {
        square.set(argument).shiftRight(Math.min(-1 - argumentExponent, 128));
        square.multiply(square);
    }

    /** Divides the argument, which is normalized, by a number below 2 (point behind the top bit) scaled by 2 to an exponent. */
    private void divideArgument(Wide divisor, int exponent) {
        argumentExponent += divisor.normalize() - exponent;
        if (argument.compare(divisor) >= 0) {
            argument.shiftRight(1);
        } else {
            argumentExponent--;
        }
        argument.divide(divisor);
        argumentExponent -= argument.normalize();
    }

    /** The argument times a factor below 2 (point behind the top bit) as the result. */
    private void scaleArgument(FpContext c, boolean negative, Wide factor) {
        factor.multiply(argument);
        c.negative = negative;
        c.exponent = argumentExponent + 1 - factor.normalize();
        c.high = factor.high;
        c.low = factor.low | 1;
    }
}
