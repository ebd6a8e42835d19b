package org.lodgevm.x86.fp;

/**
 * A 128-bit unsigned fixed-point number, for the transcendental functions. Where its binary point lies is the user's affair:
 * fractions (below 1, point before the top bit) and numbers below 2 (point behind it) are what occurs. Results are truncated and off by
 * a few units of the last of the 128 places.
 */
final class Wide {
    private static final long TOP = Long.MIN_VALUE;

    long high;
    long low;

    Wide set(long high, long low) {
        this.high = high;
        this.low = low;
        return this;
    }

    Wide set(Wide other) {
        return set(other.high, other.low);
    }

    boolean isZero() {
        return (high | low) == 0;
    }

    int compare(Wide other) {
        return high != other.high ? Long.compareUnsigned(high, other.high) : Long.compareUnsigned(low, other.low);
    }

    Wide add(Wide other) {
        long sum = low + other.low;
        high += other.high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
        return this;
    }

    Wide subtract(Wide other) {
        high -= other.high + (Long.compareUnsigned(low, other.low) < 0 ? 1 : 0);
        low -= other.low;
        return this;
    }

    /** {@code other - this}. */
    Wide subtractFrom(Wide other) {
        long borrow = Long.compareUnsigned(other.low, low) < 0 ? 1 : 0;
        return set(other.high - high - borrow, other.low - low);
    }

    Wide shiftRight(int count) {
        if (count >= 128) {
            return set(0, 0);
        }
        return count >= 64 ? set(0, high >>> count) : count == 0 ? this : set(high >>> count, low >>> count | high << -count);
    }

    /** Shifts left until the top bit is set, unless it is zero, and returns by how many places. */
    int normalize() {
        int shift = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
        if (shift >= 64) {
            set(low << shift, 0);
        } else if (shift > 0) {
            set(high << shift | low >>> -shift, low << shift);
        }
        return shift;
    }

    /** The high half of the 256-bit product. */
    Wide multiply(Wide other) {
        return multiply(other.high, other.low);
    }

    Wide multiply(long otherHigh, long otherLow) {
        long middle = high * otherHigh;
        long first = Math.unsignedMultiplyHigh(high, otherLow);
        long second = Math.unsignedMultiplyHigh(low, otherHigh);
        long sum = middle + first;
        long carry = Long.compareUnsigned(sum, middle) < 0 ? 1 : 0;
        long total = sum + second;
        carry += Long.compareUnsigned(total, sum) < 0 ? 1 : 0;
        return set(Math.unsignedMultiplyHigh(high, otherHigh) + carry, total);
    }

    /** {@code this / divisor} as a fraction; the divisor is the greater and has its top bit set. */
    Wide divide(Wide divisor) {
        long first = divideStep(0, divisor);
        return set(first, divideStep(0, divisor));
    }

    /**
     * Divides {@code this:next}, 192 bits, by a divisor that is greater than {@code this} and has its top bit set: one digit of
     * Knuth's algorithm D. Leaves the remainder here and returns the quotient.
     */
    long divideStep(long next, Wide divisor) {
        long quotient;
        long rest;
        boolean restOverflows = false;
        if (high == divisor.high) {
            quotient = -1;
            rest = low + divisor.high;
            restOverflows = Long.compareUnsigned(rest, low) < 0;
        } else {
            quotient = Exact.quotient(high, low, divisor.high);
            rest = low - quotient * divisor.high;
        }
        while (!restOverflows && exceeds(quotient, divisor.low, rest, next)) {
            quotient--;
            rest += divisor.high;
            restOverflows = Long.compareUnsigned(rest, divisor.high) < 0;
        }
        long productLow = quotient * divisor.low;
        long borrow = Long.compareUnsigned(next, productLow) < 0 ? 1 : 0;
        set(rest - Math.unsignedMultiplyHigh(quotient, divisor.low) - borrow, next - productLow);
        return quotient;
    }

    private static boolean exceeds(long a, long b, long boundHigh, long boundLow) {
        long productHigh = Math.unsignedMultiplyHigh(a, b);
        return productHigh == boundHigh
                ? Long.compareUnsigned(a * b, boundLow) > 0
                : Long.compareUnsigned(productHigh, boundHigh) > 0;
    }

    /** The power series in {@code t}, a fraction, whose coefficients lie in pairs from the constant one on; below 2 is the result. */
    Wide series(long[] coefficients, Wide t, boolean alternating) {
        int last = coefficients.length - 2;
        set(coefficients[last], coefficients[last + 1]);
        for (int i = last - 2; i >= 0; i -= 2) {
            multiply(t);
            long coefficient = coefficients[i + 1];
            if (alternating) {
                set(coefficients[i] - high - (Long.compareUnsigned(coefficient, low) < 0 ? 1 : 0), coefficient - low);
            } else {
                long sum = coefficient + low;
                set(coefficients[i] + high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0), sum);
            }
        }
        return this;
    }

    /** Takes the least unit from an exact 1 (point behind the top bit), which stands for a number that is not quite so large. */
    Wide belowOne() {
        return high == TOP && low == 0 ? set(Long.MAX_VALUE, -1) : this;
    }
}
