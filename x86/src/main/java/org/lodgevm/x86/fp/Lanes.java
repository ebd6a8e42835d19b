package org.lodgevm.x86.fp;

import static java.lang.Double.doubleToRawLongBits;
import static java.lang.Double.longBitsToDouble;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

/**
 * Arithmetic on one element. In the modes of {@link Sse#isHostLike} it is the host's own, whose results IEEE 754 prescribes to the
 * last bit, so long as operands and result are normal; otherwise {@link SoftFloat}. Exceptions accumulate in the context
 * until {@link Sse#settle}.
 *
 * <p>An operation on normal operands whose result is normal has no other exception than PE, set already. Zeros are let through
 * where they are exact.
 */
public final class Lanes {
    private static final long LOW = 0xffff_ffffL;
    private static final int FRACTION_32 = 23;
    private static final int FRACTION_64 = 52;

    private Lanes() {}

    /** Adding one to the exponent takes that of infinities and NaNs to 0, that of zeros and denormals to 1. */
    private static boolean isNormal(int bits) {
        return (bits + (1 << FRACTION_32) & Integer.MAX_VALUE) >= 2 << FRACTION_32;
    }

    private static boolean isNormal(long bits) {
        return (bits + (1L << FRACTION_64) & Long.MAX_VALUE) >= 2L << FRACTION_64;
    }

    /** The smallest normal number may be a tiny result that was rounded up, with UE. */
    private static boolean isClearOfUnderflow(int bits) {
        return isNormal(bits) && bits << 1 != 2 << FRACTION_32;
    }

    private static boolean isClearOfUnderflow(long bits) {
        return isNormal(bits) && bits << 1 != 2L << FRACTION_64;
    }

    private static boolean isNormalOrZero(int bits) {
        return isNormal(bits) || bits << 1 == 0;
    }

    private static boolean isNormalOrZero(long bits) {
        return isNormal(bits) || bits << 1 == 0;
    }

    public static int add(Sse c, int a, int b) {
        if (c.isHostLike()) {
            int sum = floatToRawIntBits(intBitsToFloat(a) + intBitsToFloat(b));
            if (isNormalOrZero(sum) && isNormalOrZero(a) && isNormalOrZero(b)) {
                return sum;
            }
        }
        return (int) SoftFloat.add(c.enter(), Format.BINARY32, a & LOW, b & LOW);
    }

    public static long add(Sse c, long a, long b) {
        if (c.isHostLike()) {
            long sum = doubleToRawLongBits(longBitsToDouble(a) + longBitsToDouble(b));
            if (isNormalOrZero(sum) && isNormalOrZero(a) && isNormalOrZero(b)) {
                return sum;
            }
        }
        return SoftFloat.add(c.enter(), Format.BINARY64, a, b);
    }

    public static int subtract(Sse c, int a, int b) {
        if (c.isHostLike()) {
            int difference = floatToRawIntBits(intBitsToFloat(a) - intBitsToFloat(b));
            if (isNormalOrZero(difference) && isNormalOrZero(a) && isNormalOrZero(b)) {
                return difference;
            }
        }
        return (int) SoftFloat.subtract(c.enter(), Format.BINARY32, a & LOW, b & LOW);
    }

    public static long subtract(Sse c, long a, long b) {
        if (c.isHostLike()) {
            long difference = doubleToRawLongBits(longBitsToDouble(a) - longBitsToDouble(b));
            if (isNormalOrZero(difference) && isNormalOrZero(a) && isNormalOrZero(b)) {
                return difference;
            }
        }
        return SoftFloat.subtract(c.enter(), Format.BINARY64, a, b);
    }

    public static int multiply(Sse c, int a, int b) {
        if (c.isHostLike() && isNormal(a) && isNormal(b)) {
            int product = floatToRawIntBits(intBitsToFloat(a) * intBitsToFloat(b));
            if (isClearOfUnderflow(product)) {
                return product;
            }
        }
        return (int) SoftFloat.multiply(c.enter(), Format.BINARY32, a & LOW, b & LOW);
    }

    public static long multiply(Sse c, long a, long b) {
        if (c.isHostLike() && isNormal(a) && isNormal(b)) {
            long product = doubleToRawLongBits(longBitsToDouble(a) * longBitsToDouble(b));
            if (isClearOfUnderflow(product)) {
                return product;
            }
        }
        return SoftFloat.multiply(c.enter(), Format.BINARY64, a, b);
    }

    /** {@code a * b + d}, rounded once; the signs of the product and of {@code d} are flipped as asked for. */
    static int fused(Sse c, int a, int b, int d, boolean negateProduct, boolean negateThird) {
        if (c.isHostLike() && isNormal(a) && isNormal(b) && isNormal(d)) {
            float first = intBitsToFloat(negateProduct ? a ^ Integer.MIN_VALUE : a);
            float third = intBitsToFloat(negateThird ? d ^ Integer.MIN_VALUE : d);
            int result = floatToRawIntBits(Math.fma(first, intBitsToFloat(b), third));
            if (isClearOfUnderflow(result)) {
                return result;
            }
        }
        return (int) SoftFloat.fused(c.enter(), Format.BINARY32, a & LOW, b & LOW, d & LOW, negateProduct, negateThird);
    }

    static long fused(Sse c, long a, long b, long d, boolean negateProduct, boolean negateThird) {
        if (c.isHostLike() && isNormal(a) && isNormal(b) && isNormal(d)) {
            double first = longBitsToDouble(negateProduct ? a ^ Long.MIN_VALUE : a);
            double third = longBitsToDouble(negateThird ? d ^ Long.MIN_VALUE : d);
            long result = doubleToRawLongBits(Math.fma(first, longBitsToDouble(b), third));
            if (isClearOfUnderflow(result)) {
                return result;
            }
        }
        return SoftFloat.fused(c.enter(), Format.BINARY64, a, b, d, negateProduct, negateThird);
    }

    public static int divide(Sse c, int a, int b) {
        if (c.isHostLike() && isNormal(a) && isNormal(b)) {
            int quotient = floatToRawIntBits(intBitsToFloat(a) / intBitsToFloat(b));
            if (isClearOfUnderflow(quotient)) {
                return quotient;
            }
        }
        return (int) SoftFloat.divide(c.enter(), Format.BINARY32, a & LOW, b & LOW);
    }

    public static long divide(Sse c, long a, long b) {
        if (c.isHostLike() && isNormal(a) && isNormal(b)) {
            long quotient = doubleToRawLongBits(longBitsToDouble(a) / longBitsToDouble(b));
            if (isClearOfUnderflow(quotient)) {
                return quotient;
            }
        }
        return SoftFloat.divide(c.enter(), Format.BINARY64, a, b);
    }

    /** The square root of a float, computed in double, rounds to the right float: it never lies that near to a midpoint. */
    public static int squareRoot(Sse c, int a) {
        if (c.isHostLike() && a > 0 && isNormal(a)) {
            return floatToRawIntBits((float) Math.sqrt(intBitsToFloat(a)));
        }
        return (int) SoftFloat.squareRoot(c.enter(), Format.BINARY32, a & LOW);
    }

    public static long squareRoot(Sse c, long a) {
        if (c.isHostLike() && a > 0 && isNormal(a)) {
            return doubleToRawLongBits(Math.sqrt(longBitsToDouble(a)));
        }
        return SoftFloat.squareRoot(c.enter(), Format.BINARY64, a);
    }

    /** Comparing normal numbers raises nothing in any mode. */
    public static int minimum(Sse c, int a, int b) {
        if (isNormal(a) && isNormal(b)) {
            return intBitsToFloat(a) < intBitsToFloat(b) ? a : b;
        }
        return (int) SoftFloat.minimum(c.enter(), Format.BINARY32, a & LOW, b & LOW);
    }

    public static long minimum(Sse c, long a, long b) {
        if (isNormal(a) && isNormal(b)) {
            return longBitsToDouble(a) < longBitsToDouble(b) ? a : b;
        }
        return SoftFloat.minimum(c.enter(), Format.BINARY64, a, b);
    }

    public static int maximum(Sse c, int a, int b) {
        if (isNormal(a) && isNormal(b)) {
            return intBitsToFloat(a) > intBitsToFloat(b) ? a : b;
        }
        return (int) SoftFloat.maximum(c.enter(), Format.BINARY32, a & LOW, b & LOW);
    }

    public static long maximum(Sse c, long a, long b) {
        if (isNormal(a) && isNormal(b)) {
            return longBitsToDouble(a) > longBitsToDouble(b) ? a : b;
        }
        return SoftFloat.maximum(c.enter(), Format.BINARY64, a, b);
    }

    /** One of the outcomes that {@link ExtendedArithmetic} names. */
    static int compare(Sse c, int a, int b, boolean quietIsInvalid) {
        if (isNormal(a) && isNormal(b)) {
            return Float.compare(intBitsToFloat(a), intBitsToFloat(b));
        }
        return SoftFloat.compare(c.enter(), Format.BINARY32, a & LOW, b & LOW, quietIsInvalid);
    }

    static int compare(Sse c, long a, long b, boolean quietIsInvalid) {
        if (isNormal(a) && isNormal(b)) {
            return Double.compare(longBitsToDouble(a), longBitsToDouble(b));
        }
        return SoftFloat.compare(c.enter(), Format.BINARY64, a, b, quietIsInvalid);
    }

    /** To binary64: always exact. */
    public static long widen(Sse c, int a) {
        if (isNormalOrZero(a)) {
            return doubleToRawLongBits(intBitsToFloat(a));
        }
        return SoftConversion.convert(c.enter(), Format.BINARY32, Format.BINARY64, a & LOW);
    }

    /** To binary32. */
    public static int narrow(Sse c, long a) {
        if (c.isHostLike()) {
            int bits = floatToRawIntBits((float) longBitsToDouble(a));
            if (isClearOfUnderflow(bits)) {
                return bits;
            }
        }
        return (int) SoftConversion.convert(c.enter(), Format.BINARY64, Format.BINARY32, a);
    }

    /** An integer to binary32. */
    public static int toFloat(Sse c, long value) {
        return c.isHostLike()
                ? floatToRawIntBits((float) value)
                : (int) SoftConversion.fromInteger(c.enter(), Format.BINARY32, value);
    }

    /** A 64-bit integer to binary64. */
    public static long toDouble(Sse c, long value) {
        return c.isHostLike()
                ? doubleToRawLongBits((double) value)
                : SoftConversion.fromInteger(c.enter(), Format.BINARY64, value);
    }

    /** Binary32 to an integer of 32 or 64 bits, by the rounding mode of MXCSR. */
    public static long toInteger(Sse c, int a, int bits) {
        if (c.isHostLike()) {
            double value = Math.rint(intBitsToFloat(a));
            if (Math.abs(value) < limit(bits)) {
                return (long) value;
            }
        }
        c.enter();
        return SoftConversion.toInteger(c, Format.BINARY32, a & LOW, bits, c.rounding);
    }

    public static long toInteger(Sse c, long a, int bits) {
        if (c.isHostLike()) {
            double value = Math.rint(longBitsToDouble(a));
            if (Math.abs(value) < limit(bits)) {
                return (long) value;
            }
        }
        c.enter();
        return SoftConversion.toInteger(c, Format.BINARY64, a, bits, c.rounding);
    }

    /** The magnitude at which integers of 32 or 64 bits end. */
    private static double limit(int bits) {
        return bits == 64 ? 0x1p63 : 0x1p31;
    }

    /** Binary32 to an integer of 32 or 64 bits, toward zero. */
    public static long truncate(Sse c, int a, int bits) {
        if (c.isHostLike()) {
            float value = intBitsToFloat(a);
            if (Math.abs(value) < limit(bits)) {
                return (long) value;
            }
        }
        return SoftConversion.toInteger(c.enter(), Format.BINARY32, a & LOW, bits, FpContext.TRUNCATE);
    }

    public static long truncate(Sse c, long a, int bits) {
        if (c.isHostLike()) {
            double value = longBitsToDouble(a);
            if (Math.abs(value) < limit(bits)) {
                return (long) value;
            }
        }
        return SoftConversion.toInteger(c.enter(), Format.BINARY64, a, bits, FpContext.TRUNCATE);
    }
}
