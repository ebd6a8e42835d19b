package org.lodgevm.x86.fp;

/** SSE conversions between formats and integers, and rounding to integral values, in software. */
final class SoftConversion {
    private SoftConversion() {}

    /** A signed integer rounded to a format. */
    static long fromInteger(FpContext c, Format f, long value) {
        if (value == 0) {
            return 0;
        }
        long magnitude = Math.abs(value);
        int shift = Long.numberOfLeadingZeros(magnitude);
        c.set(value < 0, 63 - shift, magnitude << shift);
        return f.pack(c);
    }

    /** To a signed integer of 32 or 64 bits; the integer indefinite if it does not fit. */
    static long toInteger(FpContext c, Format f, long operand, int bits, int rounding) {
        long a = SoftFloat.flushed(c, f, operand);
        if (f.isZero(a)) {
            return 0;
        }
        if (f.isNan(a) || f.isInfinite(a)) {
            return Integers.indefinite(c, bits);
        }
        c.set(f.isNegative(a), f.exponent(a), f.significand(a));
        return Integers.round(c, bits, rounding);
    }

    static long convert(FpContext c, Format from, Format to, long operand) {
        long a = SoftFloat.flushed(c, from, operand);
        boolean negative = from.isNegative(a);
        if (from.isNan(a)) {
            if (from.isSignaling(a)) {
                c.flags |= FpContext.IE;
            }
            return to.nan(negative, from.significand(a));
        }
        if (from.isInfinite(a) || from.isZero(a)) {
            return from.isZero(a) ? to.zero(negative) : to.infinity(negative);
        }
        if (from.isDenormal(a)) {
            c.flags |= FpContext.DE;
            if (c.hasNoResult()) {
                return 0;
            }
        }
        c.set(negative, from.exponent(a), from.significand(a));
        return to.pack(c);
    }

    /** Rounds to an integral value of the same format; PE only if {@code exact} is asked for. @sdm 2B:ROUNDPD */
    static long roundToIntegral(FpContext c, Format f, long operand, int rounding, boolean exact) {
        long a = SoftFloat.flushed(c, f, operand);
        if (f.isSignaling(a)) {
            c.flags |= FpContext.IE;
        }
        if (f.isNan(a)) {
            return a | f.quietBit;
        }
        if (f.isInfinite(a) || f.isZero(a) || f.exponent(a) >= f.precision - 1) {
            return a;
        }
        int contextRounding = c.rounding;
        c.rounding = rounding;
        c.set(f.isNegative(a), f.exponent(a), f.significand(a));
        long magnitude = c.round(63 - c.exponent);
        c.rounding = contextRounding;
        if (c.inexact && exact) {
            c.flags |= FpContext.PE;
        }
        if (magnitude == 0) {
            return f.zero(c.negative);
        }
        int shift = Long.numberOfLeadingZeros(magnitude);
        c.set(c.negative, 63 - shift, magnitude << shift);
        return f.pack(c);
    }
}
