package org.lodgevm.x86.fp;

/** Conversions between 80-bit numbers and integers, binary and packed decimal, and rounding to integral values. */
final class ExtendedIntegers {
    /** BCD integers have 18 digits; the indefinite one is FFFF in its top bytes and C000000000000000 below. @sdm 1:4.7 */
    private static final long BCD_LIMIT = 1_000_000_000_000_000_000L;
    static final int BCD_INDEFINITE_TOP = 0xffff;
    static final long BCD_INDEFINITE = 0xc000_0000_0000_0000L;

    private ExtendedIntegers() {}

    /** Exact. */
    static void fromLong(FpContext c, long value) {
        if (value == 0) {
            c.setExtended(0, 0);
            return;
        }
        long magnitude = Math.abs(value);
        int shift = Long.numberOfLeadingZeros(magnitude);
        int biased = Extended.BIAS + 63 - shift;
        c.setExtended(value < 0 ? Extended.SIGN | biased : biased, magnitude << shift);
    }

    /** To a signed integer of {@code bits} bits by the rounding mode given; the integer indefinite if it does not fit */
    static long toInteger(FpContext c, int signExponent, long significand, int bits, int rounding) {
        if (Extended.isZero(signExponent, significand)) {
            return 0;
        }
        if (!Extended.isFiniteNonzero(signExponent, significand)) {
            return Integers.indefinite(c, bits);
        }
        c.set(Extended.isNegative(signExponent), Extended.exponent(signExponent, significand), Extended.normalized(significand));
        return Integers.round(c, bits, rounding);
    }

    /** FRNDINT. */
    static void roundToIntegral(FpContext c, int signExponent, long significand) {
        if (ExtendedArithmetic.isNotANumber(signExponent, significand)) {
            Extended.propagate(c, signExponent, significand);
            return;
        }
        c.setExtended(signExponent, significand);
        Extended.noteDenormal(c, signExponent, significand);
        int biased = signExponent & Extended.EXPONENT;
        if (c.hasNoResult() || biased >= Extended.BIAS + 63 || significand == 0) {
            return;
        }
        boolean negative = Extended.isNegative(signExponent);
        int exponent = Extended.exponent(signExponent, significand);
        c.set(negative, exponent, Extended.normalized(significand));
        long magnitude = c.round(63 - exponent);
        if (c.inexact) {
            c.flags |= FpContext.PE;
        }
        int shift = Long.numberOfLeadingZeros(magnitude);
        int rounded = magnitude == 0 ? 0 : Extended.BIAS + 63 - shift;
        c.setExtended(signExponent & Extended.SIGN | rounded, magnitude << shift);
    }

    /** FBLD: nine bytes of two digits each and a sign. Digits above 9 weigh what they weigh. */
    static void fromBcd(FpContext c, long low, int top) {
        long value = (top >> 4 & 15) * 10L + (top & 15);
        for (int shift = 60; shift >= 0; shift -= 4) {
            value = value * 10 + (low >>> shift & 15);
        }
        fromLong(c, value);
        if ((top & 0x8000) != 0) {
            c.signExponent |= Extended.SIGN;
        }
    }

    /** FBSTP: the ten bytes as significand (the low eight) and sign-exponent slot. */
    static void toBcd(FpContext c, int signExponent, long significand) {
        long value = toInteger(c, signExponent, significand, 64, c.rounding);
        if ((c.flags & FpContext.IE) != 0 || Long.compareUnsigned(Math.abs(value), BCD_LIMIT) >= 0) {
            c.flags = FpContext.IE;
            c.roundedUp = false;
            c.setExtended(BCD_INDEFINITE_TOP, BCD_INDEFINITE);
            return;
        }
        long rest = Math.abs(value);
        long low = 0;
        for (int shift = 0; shift < 64; shift += 4) {
            low |= rest % 10 << shift;
            rest /= 10;
        }
        c.setExtended((int) (rest / 10 << 4 | rest % 10) | signExponent & Extended.SIGN, low);
    }
}
