package org.lodgevm.x86.fp;

/**
 * SSE arithmetic and comparison in an interchange format, in software: every rounding mode, every exception.
 *
 * <p>Exceptions accumulate in the context. Where an unmasked one forbids a result, what is returned is void.
 */
final class SoftFloat {
    private SoftFloat() {}

    static long add(FpContext c, Format f, long first, long second) {
        return add(c, f, first, second, 0);
    }

    /** {@code first - second}. */
    static long subtract(FpContext c, Format f, long first, long second) {
        return add(c, f, first, second, f.signBit);
    }

    private static long add(FpContext c, Format f, long first, long second, long flippedSign) {
        long a = flushed(c, f, first);
        long b = flushed(c, f, second);
        if (f.isNan(a) || f.isNan(b)) {
            return propagate(c, f, a, b);
        }
        b ^= flippedSign;
        if (f.isInfinite(a) && f.isInfinite(b) && a != b) {
            return invalid(c, f);
        }
        noteDenormal(c, f, a, b);
        if (f.isInfinite(a) || f.isInfinite(b)) {
            return f.isInfinite(a) ? a : b;
        }
        if (f.isZero(a) && f.isZero(b)) {
            return a == b ? a : f.zero(c.rounding == FpContext.DOWN);
        }
        if (c.hasNoResult()) {
            return 0;
        }
        if (f.isZero(a)) {
            return repack(c, f, b);
        }
        if (f.isZero(b)) {
            return repack(c, f, a);
        }
        Exact.add(c, f.isNegative(a), f.exponent(a), f.significand(a), f.isNegative(b), f.exponent(b), f.significand(b));
        return c.high == 0 ? f.zero(c.rounding == FpContext.DOWN) : f.pack(c);
    }

    private static long repack(FpContext c, Format f, long bits) {
        c.set(f.isNegative(bits), f.exponent(bits), f.significand(bits));
        return f.pack(c);
    }

    static long multiply(FpContext c, Format f, long first, long second) {
        long a = flushed(c, f, first);
        long b = flushed(c, f, second);
        if (f.isNan(a) || f.isNan(b)) {
            return propagate(c, f, a, b);
        }
        boolean infinite = f.isInfinite(a) || f.isInfinite(b);
        boolean zero = f.isZero(a) || f.isZero(b);
        if (infinite && zero) {
            return invalid(c, f);
        }
        noteDenormal(c, f, a, b);
        boolean negative = f.isNegative(a ^ b);
        if (infinite || zero) {
            return infinite ? f.infinity(negative) : f.zero(negative);
        }
        if (c.hasNoResult()) {
            return 0;
        }
        Exact.multiply(c, negative, f.exponent(a), f.significand(a), f.exponent(b), f.significand(b));
        return f.pack(c);
    }

    /**
     * {@code first * second + third}, rounded once; the product's sign and the third operand's may be flipped. A NaN comes through as it
     * is: of several that of the first operand, else of the second. @sdm 1:14.5.2
     */
    static long fused(FpContext c, Format f, long first, long second, long third, boolean negateProduct, boolean negateThird) {
        long a = flushed(c, f, first);
        long b = flushed(c, f, second);
        long d = flushed(c, f, third);
        boolean infinite = f.isInfinite(a) || f.isInfinite(b);
        boolean zero = f.isZero(a) || f.isZero(b);
        if (f.isNan(a) || f.isNan(b) || f.isNan(d)) {
            return propagate(c, f, a, f.isNan(a) || f.isNan(b) ? b : d, d);
        }
        boolean negative = f.isNegative(a ^ b) != negateProduct;
        d ^= negateThird ? f.signBit : 0;
        if (infinite && (zero || f.isInfinite(d) && f.isNegative(d) != negative)) {
            return invalid(c, f);
        }
        noteDenormal(c, f, a, b);
        noteDenormal(c, f, d, d);
        if (infinite || f.isInfinite(d)) {
            return infinite ? f.infinity(negative) : d;
        }
        if (zero && f.isZero(d)) {
            return negative == f.isNegative(d) ? d : f.zero(c.rounding == FpContext.DOWN);
        }
        return fusedFinite(c, f, a, b, d, negative);
    }

    /** Of numbers that are not all zero. */
    private static long fusedFinite(FpContext c, Format f, long a, long b, long d, boolean negative) {
        if (c.hasNoResult()) {
            return 0;
        }
        if (f.isZero(a) || f.isZero(b)) {
            return repack(c, f, d);
        }
        Exact.multiply(c, negative, f.exponent(a), f.significand(a), f.exponent(b), f.significand(b));
        if (!f.isZero(d)) {
            Exact.addToProduct(c, f.isNegative(d), f.exponent(d), f.significand(d));
        }
        return c.high == 0 ? f.zero(c.rounding == FpContext.DOWN) : f.pack(c);
    }

    private static long propagate(FpContext c, Format f, long a, long b, long d) {
        if (f.isSignaling(d)) {
            c.flags |= FpContext.IE;
        }
        return propagate(c, f, a, b);
    }

    static long divide(FpContext c, Format f, long first, long second) {
        long a = flushed(c, f, first);
        long b = flushed(c, f, second);
        if (f.isNan(a) || f.isNan(b)) {
            return propagate(c, f, a, b);
        }
        boolean infinite = f.isInfinite(a);
        boolean byZero = f.isZero(b);
        if (infinite && f.isInfinite(b) || byZero && f.isZero(a)) {
            return invalid(c, f);
        }
        boolean negative = f.isNegative(a ^ b);
        if (byZero && !infinite) {
            c.flags |= FpContext.ZE;
            return f.infinity(negative);
        }
        noteDenormal(c, f, a, b);
        if (infinite || f.isZero(a) || f.isInfinite(b)) {
            return infinite ? f.infinity(negative) : f.zero(negative);
        }
        if (c.hasNoResult()) {
            return 0;
        }
        Exact.divide(c, negative, f.exponent(a), f.significand(a), f.exponent(b), f.significand(b));
        return f.pack(c);
    }

    static long squareRoot(FpContext c, Format f, long operand) {
        long a = flushed(c, f, operand);
        if (f.isNan(a)) {
            return propagate(c, f, a, a);
        }
        if (f.isZero(a)) {
            return a;
        }
        if (f.isNegative(a)) {
            return invalid(c, f);
        }
        if (f.isInfinite(a)) {
            return a;
        }
        noteDenormal(c, f, a, a);
        if (c.hasNoResult()) {
            return 0;
        }
        Exact.squareRoot(c, f.exponent(a), f.significand(a));
        return f.pack(c);
    }

    /** The lesser; the second operand if either is a NaN or both are zeros. @sdm 2B:MINPD */
    static long minimum(FpContext c, Format f, long first, long second) {
        return compare(c, f, first, second, true) == ExtendedArithmetic.LESS ? flushed(c, f, first) : flushed(c, f, second);
    }

    /** The greater; the second operand if either is a NaN or both are zeros. @sdm 2B:MAXPD */
    static long maximum(FpContext c, Format f, long first, long second) {
        return compare(c, f, first, second, true) == ExtendedArithmetic.GREATER ? flushed(c, f, first) : flushed(c, f, second);
    }

    /** One of the outcomes that {@link ExtendedArithmetic} names. */
    static int compare(FpContext c, Format f, long first, long second, boolean quietIsInvalid) {
        long a = flushed(c, f, first);
        long b = flushed(c, f, second);
        if (f.isNan(a) || f.isNan(b)) {
            if (quietIsInvalid || f.isSignaling(a) || f.isSignaling(b)) {
                c.flags |= FpContext.IE;
            }
            return ExtendedArithmetic.UNORDERED;
        }
        noteDenormal(c, f, a, b);
        return Long.compare(ordered(f, a), ordered(f, b));
    }

    /** Maps numbers to integers that compare as they do; both zeros to 0. */
    private static long ordered(Format f, long bits) {
        return f.isNegative(bits) ? -(bits ^ f.signBit) : bits;
    }

    /** A NaN operand, quieted: the first, if it is one. @sdm 1:4.8.3.5 */
    private static long propagate(FpContext c, Format f, long a, long b) {
        if (f.isSignaling(a) || f.isSignaling(b)) {
            c.flags |= FpContext.IE;
        }
        return (f.isNan(a) ? a : b) | f.quietBit;
    }

    static long invalid(FpContext c, Format f) {
        c.flags |= FpContext.IE;
        return f.indefinite;
    }

    /** An operand as DAZ leaves it. */
    static long flushed(FpContext c, Format f, long bits) {
        return c.denormalsAreZero && f.isDenormal(bits) ? bits & f.signBit : bits;
    }

    private static void noteDenormal(FpContext c, Format f, long a, long b) {
        if (f.isDenormal(a) || f.isDenormal(b)) {
            c.flags |= FpContext.DE;
        }
    }
}
