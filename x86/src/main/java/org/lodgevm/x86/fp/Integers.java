package org.lodgevm.x86.fp;

/** Conversions of an intermediate result to integers, common to x87 and SSE. */
final class Integers {
    private Integers() {}

    /** Raises invalid and answers the integer indefinite: the most negative one. @sdm 1:4.2.1.2 */
    static long indefinite(FpContext c, int bits) {
        c.flags |= FpContext.IE;
        c.roundedUp = false;
        return -1L << (bits - 1);
    }

    /** Rounds the intermediate result, one without low bits, to a signed integer of {@code bits} bits. */
    static long round(FpContext c, int bits, int rounding) {
        int exponent = c.exponent;
        if (exponent >= 64) {
            return indefinite(c, bits);
        }
        int contextRounding = c.rounding;
        c.rounding = rounding;
        long magnitude = c.round(Math.max(63 - exponent, 0));
        c.rounding = contextRounding;
        long limit = 1L << (bits - 1);
        int excess = Long.compareUnsigned(magnitude, limit);
        if (excess > 0 || excess == 0 && !c.negative) {
            return indefinite(c, bits);
        }
        if (c.inexact) {
            c.flags |= FpContext.PE;
        }
        return c.negative ? -magnitude : magnitude;
    }
}
