package org.lodgevm.x86.fp;

/**
 * Arithmetic on finite nonzero numbers, exact up to a sticky bit, before any rounding.
 *
 * <p>An operand is a sign, an exponent and a 64-bit significand with its top bit set: {@code significand / 2^63 *
 * 2^exponent}. All formats unpack to that. Results go to the intermediate slots of the {@link FpContext}.
 */
final class Exact {
    private static final long TOP = Long.MIN_VALUE;

    private Exact() {}

    static void add(FpContext c, boolean aNegative, int aExponent, long a, boolean bNegative, int bExponent, long b) {
        if (aExponent < bExponent || aExponent == bExponent && Long.compareUnsigned(a, b) < 0) {
            add(c, bNegative, bExponent, b, aNegative, aExponent, a);
            return;
        }
        int distance = aExponent - bExponent;
        long high;
        long low;
        if (distance < 64) {
            high = b >>> distance;
            low = distance == 0 ? 0 : b << -distance;
        } else {
            high = 0;
            low = distance == 64 ? b : distance < 128 ? b >>> distance | (b << -distance != 0 ? 1 : 0) : 1;
        }
        c.negative = aNegative;
        c.exponent = aExponent;
        if (aNegative == bNegative) {
            sum(c, a, high, low);
        } else {
            difference(c, a, high, low);
        }
    }

    private static void sum(FpContext c, long a, long high, long low) {
        long sum = a + high;
        if (Long.compareUnsigned(sum, a) < 0) {
            c.high = sum >>> 1 | TOP;
            c.low = low >>> 1 | low & 1 | sum << 63;
            c.exponent++;
        } else {
            c.high = sum;
            c.low = low;
        }
    }

    private static void difference(FpContext c, long a, long high, long low) {
        c.high = a - high - (low == 0 ? 0 : 1);
        c.low = -low;
        normalize(c);
    }

    /** Shifts the intermediate result left until its top bit is set, unless it is zero. */
    static void normalize(FpContext c) {
        if (c.high == 0) {
            c.high = c.low;
            c.low = 0;
            c.exponent -= 64;
        }
        int shift = Long.numberOfLeadingZeros(c.high);
        if (shift > 0 && shift < 64) {
            c.high = c.high << shift | c.low >>> -shift;
            c.low <<= shift;
            c.exponent -= shift;
        }
    }

    static void multiply(FpContext c, boolean negative, int aExponent, long a, int bExponent, long b) {
        long high = Math.unsignedMultiplyHigh(a, b);
        long low = a * b;
        c.negative = negative;
        c.exponent = aExponent + bExponent + 1;
        if (high >= 0) {
            high = high << 1 | low >>> 63;
            low <<= 1;
            c.exponent--;
        }
        c.high = high;
        c.low = low;
    }

    /**
     * Adds a number to the intermediate result, a product of two of at most 53 bits each: what shifts out at the right is sticky, and
     * where much cancels nothing does.
     */
    static void addToProduct(FpContext c, boolean bNegative, int bExponent, long b) {
        long aHigh = c.high;
        long aLow = c.low;
        long bHigh = b;
        long bLow = 0;
        int distance = c.exponent - bExponent;
        boolean below = distance < 0 || distance == 0 && Long.compareUnsigned(aHigh, b) < 0;
        if (below) {
            bHigh = aHigh;
            bLow = aLow;
            aHigh = b;
            aLow = 0;
            distance = -distance;
            c.exponent = bExponent;
        }
        boolean subtract = c.negative != bNegative;
        c.negative = below ? bNegative : c.negative;
        long low = shiftedLow(bHigh, bLow, distance);
        long high = distance < 64 ? bHigh >>> distance : 0;
        if (subtract) {
            c.high = aHigh - high - (Long.compareUnsigned(aLow, low) < 0 ? 1 : 0);
            c.low = aLow - low;
            normalize(c);
        } else {
            c.low = aLow + low;
            long carry = Long.compareUnsigned(c.low, low) < 0 ? 1 : 0;
            sumHigh(c, aHigh, high, carry);
        }
    }

    /** The low half of {@code high:low >>> distance}, with a sticky lowest bit. */
    private static long shiftedLow(long high, long low, int distance) {
        if (distance == 0) {
            return low;
        }
        if (distance < 64) {
            return low >>> distance | high << -distance | (low << -distance != 0 ? 1 : 0);
        }
        long lost = low | (distance == 64 ? 0 : distance < 128 ? high << -distance : high);
        return (distance < 128 ? high >>> distance : 0) | (lost != 0 ? 1 : 0);
    }

    /** {@code a + b + carry} above {@link FpContext#low}. */
    private static void sumHigh(FpContext c, long a, long b, long carry) {
        long half = a + b;
        long sum = half + carry;
        boolean overflow = Long.compareUnsigned(half, a) < 0 || Long.compareUnsigned(sum, half) < 0;
        if (overflow) {
            c.low = c.low >>> 1 | c.low & 1 | sum << 63;
            c.high = sum >>> 1 | TOP;
            c.exponent++;
        } else {
            c.high = sum;
        }
    }

    static void divide(FpContext c, boolean negative, int aExponent, long a, int bExponent, long b) {
        boolean below = Long.compareUnsigned(a, b) < 0;
        long low = below ? 0 : a << 63;
        long quotient = quotient(below ? a : a >>> 1, low, b);
        long remainder = low - quotient * b;
        c.set(negative, below ? aExponent - bExponent - 1 : aExponent - bExponent, quotient);
        if (remainder != 0) {
            int half = Long.compareUnsigned(remainder, b - remainder);
            c.low = half < 0 ? 1 : half == 0 ? TOP : TOP | 1;
        }
    }

    /** {@code high:low / divisor} by a divisor with its top bit set, {@code high < divisor}, in two digits of 32 bits. */
    static long quotient(long high, long low, long divisor) {
        long upper = digit(high, low >>> 32, divisor);
        long rest = (high << 32 | low >>> 32) - upper * divisor;
        return upper << 32 | digit(rest, low & 0xffff_ffffL, divisor);
    }

    /** The 32-bit digit of {@code (rest * 2^32 + next) / divisor}, by the estimate and correction of Knuth's algorithm D. */
    private static long digit(long rest, long next, long divisor) {
        long top = divisor >>> 32;
        long bottom = divisor & 0xffff_ffffL;
        long estimate = Long.divideUnsigned(rest, top);
        long remainder = rest - estimate * top;
        while (estimate >>> 32 != 0 || Long.compareUnsigned(estimate * bottom, remainder << 32 | next) > 0) {
            estimate--;
            remainder += top;
            if (remainder >>> 32 != 0) {
                break;
            }
        }
        return estimate;
    }

    static void squareRoot(FpContext c, int exponent, long a) {
        long high = a;
        long low = 0;
        if ((exponent & 1) == 0) {
            high = a >>> 1;
            low = a << 63;
        }
        long root = root(high, low);
        long rest = low - root * root;
        boolean restAboveRoot = Math.unsignedMultiplyHigh(root, root) + (Long.compareUnsigned(low, root * root) < 0 ? 1 : 0) != high
                || Long.compareUnsigned(rest, root) > 0;
        c.set(false, exponent >> 1, root);
        c.low = restAboveRoot ? TOP | 1 : rest == 0 ? 0 : 1;
    }

    /** The integer square root of {@code high:low}, at least 2^126: one Newton step from the host's double, then corrected. */
    private static long root(long high, long low) {
        double estimate = Math.sqrt((high >>> 11) * 0x1p75);
        long root = estimate >= 0x1p64 ? -1 : (long) (estimate * 0.5) << 1;
        if (Long.compareUnsigned(high, root) < 0) {
            long sum = root + quotient(high, low, root);
            root = sum >>> 1 | (Long.compareUnsigned(sum, root) < 0 ? TOP : 0);
        }
        while (exceeds(root, high, low)) {
            root--;
        }
        while (root != -1 && !exceeds(root + 1, high, low)) {
            root++;
        }
        return root;
    }

    private static boolean exceeds(long root, long high, long low) {
        long squareHigh = Math.unsignedMultiplyHigh(root, root);
        return squareHigh == high
                ? Long.compareUnsigned(root * root, low) > 0
                : Long.compareUnsigned(squareHigh, high) > 0;
    }
}
