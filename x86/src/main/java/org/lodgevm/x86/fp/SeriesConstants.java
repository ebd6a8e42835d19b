package org.lodgevm.x86.fp;

import java.math.BigInteger;

/** Coefficients and constants for the transcendental functions, computed to 128 bits from their definitions, once. */
final class SeriesConstants {
    /** Working precision, and that of the results, whose point lies behind the top bit. */
    private static final int WORKING_BITS = 192;
    private static final int RESULT_BITS = 127;
    private static final BigInteger ONE = BigInteger.ONE.shiftLeft(WORKING_BITS);

    /** {@code 1 / (n + 1)!}, of {@code (e^y - 1) / y}. */
    static final long[] EXPONENTIAL = new long[2 * 34];
    /** {@code 1 / (2n + 1)!}, of {@code sin(r) / r} by {@code r^2}. */
    static final long[] SINE = new long[2 * 17];
    /** {@code 1 / (2n)!}, of {@code cos(r)} by {@code r^2}. */
    static final long[] COSINE = new long[2 * 18];
    /** {@code 1 / (2n + 1)}, of {@code atanh(z) / z} by {@code z^2}; alternating it is that of {@code atan}. */
    static final long[] ARC_TANGENT = new long[2 * 27];
    /** {@code atan(j / 16)}, j from 0 to 16. */
    static final long[] ARC_TANGENT_OF_SIXTEENTHS = new long[2 * 17];

    static final Wide LN_2 = new Wide();
    /** {@code 1 / ln 2}. */
    static final Wide LOG_2_E = new Wide();
    static final Wide HALF_PI = new Wide();
    static final Wide THREE_EIGHTHS_PI = new Wide();
    /** Pi / 2 to 66 bits: what angles are reduced by. @sdm 1:8.3.8 */
    static final Wide HARDWARE_HALF_PI = new Wide();

    static {
        BigInteger factorial = BigInteger.ONE;
        for (int n = 0; n < EXPONENTIAL.length / 2; n++) {
            factorial = factorial.multiply(BigInteger.valueOf(n + 1));
            put(EXPONENTIAL, n, ONE.divide(factorial));
            if (n % 2 == 0 && n / 2 < SINE.length / 2) {
                put(SINE, n / 2, ONE.divide(factorial));
            } else if (n % 2 == 1 && n / 2 + 1 < COSINE.length / 2) {
                put(COSINE, n / 2 + 1, ONE.divide(factorial));
            }
        }
        put(COSINE, 0, ONE);
        for (int n = 0; n < ARC_TANGENT.length / 2; n++) {
            put(ARC_TANGENT, n, ONE.divide(BigInteger.valueOf(2L * n + 1)));
        }
        BigInteger quarterPi = inverseTangent(1, 5, -1).shiftLeft(2).subtract(inverseTangent(1, 239, -1));
        for (int j = 0; j < 16; j++) {
            put(ARC_TANGENT_OF_SIXTEENTHS, j, inverseTangent(j, 16, -1));
        }
        put(ARC_TANGENT_OF_SIXTEENTHS, 16, quarterPi);
        BigInteger ln2 = inverseTangent(1, 3, 1).shiftLeft(1);
        put(LN_2, ln2);
        put(LOG_2_E, ONE.shiftLeft(WORKING_BITS).divide(ln2));
        put(HALF_PI, quarterPi.shiftLeft(1));
        put(THREE_EIGHTHS_PI, quarterPi.multiply(BigInteger.valueOf(3)).shiftRight(1));
        HARDWARE_HALF_PI.set(HALF_PI.high, HALF_PI.low & 3L << 62);
    }

    private SeriesConstants() {}

    /** {@code atan(p / q)} for sign -1, {@code atanh(p / q)} for sign 1, by its power series. */
    private static BigInteger inverseTangent(int p, int q, int sign) {
        BigInteger pSquared = BigInteger.valueOf((long) sign * p * p);
        BigInteger qSquared = BigInteger.valueOf((long) q * q);
        BigInteger power = ONE.multiply(BigInteger.valueOf(p)).divide(BigInteger.valueOf(q));
        BigInteger sum = BigInteger.ZERO;
        for (int n = 1; power.signum() != 0; n += 2) {
            sum = sum.add(power.divide(BigInteger.valueOf(n)));
            power = power.multiply(pSquared).divide(qSquared);
        }
        return sum;
    }

    private static void put(long[] table, int index, BigInteger value) {
        BigInteger bits = value.shiftRight(WORKING_BITS - RESULT_BITS);
        table[2 * index] = bits.shiftRight(64).longValue();
        table[2 * index + 1] = bits.longValue();
    }

    private static void put(Wide constant, BigInteger value) {
        long[] words = new long[2];
        put(words, 0, value);
        constant.set(words[0], words[1]);
    }
}
