package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.SeriesConstants.ARC_TANGENT;
import static org.lodgevm.x86.fp.SeriesConstants.ARC_TANGENT_OF_SIXTEENTHS;
import static org.lodgevm.x86.fp.SeriesConstants.COSINE;
import static org.lodgevm.x86.fp.SeriesConstants.HALF_PI;
import static org.lodgevm.x86.fp.SeriesConstants.HARDWARE_HALF_PI;
import static org.lodgevm.x86.fp.SeriesConstants.SINE;
import static org.lodgevm.x86.fp.SeriesConstants.THREE_EIGHTHS_PI;

/** Trigonometric functions and the arc tangent of finite nonzero numbers, to about 120 bits. */
final class Angles extends SeriesArgument {
    /** An angle with a smaller exponent than that is its own tangent, but for a trace. */
    private static final int TINY_ANGLE = -60;

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

    private void arcTangentBySeries() {
        squareArgument();
        sum.series(ARC_TANGENT, square, true).belowOne();
    }

    /** {@code eighths} (1 to 4) times pi/4. */
    static void multipleOfQuarterPi(FpContext c, boolean negative, int eighths) {
        Wide multiple = eighths == 3 ? THREE_EIGHTHS_PI : HALF_PI;
        c.set(negative, eighths == 3 ? 1 : eighths / 2 - 1, multiple.high);
        c.low = multiple.low;
    }
}
