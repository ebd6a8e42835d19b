package org.lodgevm.x86.fp;

/**
 * What the transcendental functions compute with: a reduced argument of 128 bits, {@code argument / 2^127 * 2^argumentExponent},
 * and three numbers to work on. Results go to the context's intermediate slots, with the sticky bit set.
 */
class SeriesArgument {
    static final long TOP = Long.MIN_VALUE;

    final Wide argument = new Wide();
    final Wide sum = new Wide();
    final Wide square = new Wide();
    final Wide term = new Wide();
    int argumentExponent;
    boolean argumentNegative;

    /** The square of the argument, which is below 1, as a fraction. */
    final void squareArgument() {
        square.set(argument).shiftRight(-1 - argumentExponent);
        square.multiply(square);
    }

    /** Divides the argument, which is normalized, by a number below 2 (point behind the top bit) scaled by 2 to an exponent. */
    final void divideArgument(Wide divisor, int exponent) {
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
    final void scaleArgument(FpContext c, boolean negative, Wide factor) {
        factor.multiply(argument);
        c.negative = negative;
        c.exponent = argumentExponent + 1 - factor.normalize();
        c.high = factor.high;
        c.low = factor.low | 1;
    }

    /** A number below 2 (point behind the top bit) as the result. */
    static void setResult(FpContext c, Wide value) {
        c.exponent = -value.normalize();
        c.high = value.high;
        c.low = value.low | 1;
    }
}
