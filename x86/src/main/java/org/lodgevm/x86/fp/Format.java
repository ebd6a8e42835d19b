package org.lodgevm.x86.fp;

/**
 * An IEEE 754 interchange format of up to 64 bits: how its bits unpack to the operands of {@link Exact}, and how an
 * intermediate result is rounded and packed into it, with the exceptions that raises. @sdm 1:4.2.2 @sdm 1:4.9.1
 */
final class Format {
    static final Format BINARY16 = new Format(5, 11);
    static final Format BINARY32 = new Format(8, 24);
    static final Format BINARY64 = new Format(11, 53);

    /** Significand bits, the implied one included. */
    final int precision;
    final int width;
    final long signBit;
    /** Also the bits of infinity. */
    final long exponentMask;
    final long fractionMask;
    final long quietBit;
    /** The QNaN floating-point indefinite. @sdm 1:4.8.3.7 */
    final long indefinite;
    final int bias;

    private Format(int exponentBits, int precision) {
        this.precision = precision;
        width = exponentBits + precision;
        signBit = 1L << (width - 1);
        fractionMask = (1L << (precision - 1)) - 1;
        exponentMask = signBit - 1 & ~fractionMask;
        quietBit = 1L << (precision - 2);
        indefinite = signBit | exponentMask | quietBit;
        bias = (1 << (exponentBits - 1)) - 1;
    }

    boolean isNegative(long bits) {
        return (bits & signBit) != 0;
    }

    boolean isNan(long bits) {
        return (bits & (signBit - 1)) > exponentMask;
    }

    boolean isSignaling(long bits) {
        return isNan(bits) && (bits & quietBit) == 0;
    }

    boolean isInfinite(long bits) {
        return (bits & (signBit - 1)) == exponentMask;
    }

    boolean isZero(long bits) {
        return (bits & (signBit - 1)) == 0;
    }

    boolean isDenormal(long bits) {
        return (bits & exponentMask) == 0 && (bits & fractionMask) != 0;
    }

    /** The exponent of a finite nonzero number, a denormal's normalized. */
    int exponent(long bits) {
        int biased = (int) ((bits & exponentMask) >>> (precision - 1));
        return biased != 0 ? biased - bias : 1 - bias - Long.numberOfLeadingZeros(fraction(bits));
    }

    /** The significand of a finite nonzero number, its top bit set. */
    long significand(long bits) {
        long fraction = fraction(bits);
        return (bits & exponentMask) != 0 ? fraction | Long.MIN_VALUE : fraction << Long.numberOfLeadingZeros(fraction);
    }

    /** The fraction with its first bit at position 62. */
    private long fraction(long bits) {
        return (bits & fractionMask) << (64 - precision);
    }

    long zero(boolean negative) {
        return negative ? signBit : 0;
    }

    long infinity(boolean negative) {
        return negative ? signBit | exponentMask : exponentMask;
    }

    /** A quiet NaN with the sign, and as much of the payload as fits, of a left-aligned 64-bit significand. */
    long nan(boolean negative, long significand) {
        return infinity(negative) | quietBit | significand >>> (64 - precision) & fractionMask;
    }

    /** Rounds and packs the nonzero intermediate result. Where an unmasked exception forbids a result, what is returned is void. */
    long pack(FpContext c) {
        int drop = 64 - precision;
        int biased = c.exponent + bias;
        if (biased <= 0) {
            return packTiny(c, drop, biased);
        }
        long kept = c.round(drop);
        if (kept >>> precision != 0) {
            kept >>>= 1;
            biased++;
        }
        if (c.inexact) {
            c.flags |= FpContext.PE;
        }
        if (biased >= 2 * bias + 1) {
            return overflow(c);
        }
        return zero(c.negative) | (long) biased << (precision - 1) | kept & fractionMask;
    }

    /** @sdm 1:4.9.1.4 */
    private long overflow(FpContext c) {
        c.flags |= FpContext.OE;
        if (c.isMasked(FpContext.OE)) {
            c.flags |= FpContext.PE;
            c.roundedUp = c.overflowsToInfinity();
        }
        long infinity = infinity(c.negative);
        return c.overflowsToInfinity() ? infinity : infinity - 1;
    }

    /** A result below the normal range before rounding; it is tiny only if it still is after rounding. @sdm 1:4.9.1.5 */
    private long packTiny(FpContext c, int drop, int biased) {
        boolean tiny = biased < 0 || c.round(drop) >>> precision == 0;
        if (tiny && !c.isMasked(FpContext.UE)) {
            c.round(drop);
            c.flags |= c.inexact ? FpContext.UE | FpContext.PE : FpContext.UE;
            return 0;
        }
        if (tiny && c.flushToZero) {
            c.flags |= FpContext.UE | FpContext.PE;
            return zero(c.negative);
        }
        long kept = c.round(drop + 1 - biased);
        if (c.inexact) {
            c.flags |= tiny ? FpContext.UE | FpContext.PE : FpContext.PE;
        }
        return zero(c.negative) | kept;
    }
}
