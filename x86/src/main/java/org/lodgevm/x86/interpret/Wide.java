package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Gpr.RAX;
import static org.lodgevm.x86.state.Gpr.RDX;

import org.lodgevm.x86.state.Vector;

/** Division of 128 by 64 bits. */
final class Wide {
    private Wide() {}

    static void divideUnsigned(Cpu c, long high, long low, long divisor) {
        if (Long.compareUnsigned(high, divisor) >= 0) {
            throw c.fault(Vector.DE, 0);
        }
        long quotient = high == 0 ? Long.divideUnsigned(low, divisor) : quotient(high, low, divisor);
        c.r[RAX] = quotient;
        c.r[RDX] = low - quotient * divisor;
    }

    static void divideSigned(Cpu c, long high, long low, long divisor) {
        if (high == low >> 63 && !(low == Long.MIN_VALUE && divisor == -1)) {
            c.r[RAX] = low / divisor;
            c.r[RDX] = low % divisor;
            return;
        }
        boolean negative = high < 0;
        long lowMagnitude = negative ? -low : low;
        long highMagnitude = negative ? ~high + (low == 0 ? 1 : 0) : high;
        long divisorMagnitude = Math.abs(divisor);
        if (Long.compareUnsigned(highMagnitude, divisorMagnitude) >= 0) {
            throw c.fault(Vector.DE, 0);
        }
        long magnitude = highMagnitude == 0 ? Long.divideUnsigned(lowMagnitude, divisorMagnitude)
                : quotient(highMagnitude, lowMagnitude, divisorMagnitude);
        boolean negativeQuotient = negative != divisor < 0;
        // the magnitude may reach 2^63 for a negative quotient only
        if (magnitude < 0 && !(negativeQuotient && magnitude == Long.MIN_VALUE)) {
            throw c.fault(Vector.DE, 0);
        }
        long quotient = negativeQuotient ? -magnitude : magnitude;
        c.r[RAX] = quotient;
        c.r[RDX] = low - quotient * divisor;
    }

    /** Unsigned quotient, {@code high < divisor}: long division in base 2^32. Knuth, volume 2, 4.3.1, algorithm D. */
    private static long quotient(long high, long low, long divisor) {
        int shift = Long.numberOfLeadingZeros(divisor);
        long d = divisor << shift;
        long n32 = shift == 0 ? high : high << shift | low >>> 64 - shift;
        long n10 = low << shift;
        long d1 = d >>> 32;
        long d0 = d & 0xffff_ffffL;
        long q1 = digit(n32, n10 >>> 32, d1, d0);
        long n21 = (n32 << 32 | n10 >>> 32) - q1 * d;
        long q0 = digit(n21, n10 & 0xffff_ffffL, d1, d0);
        return (q1 << 32) + q0;
    }

    private static long digit(long numerator, long nextDigit, long d1, long d0) {
        long q = Long.divideUnsigned(numerator, d1);
        long r = numerator - q * d1;
        while (q >>> 32 != 0 || Long.compareUnsigned(q * d0, r << 32 | nextDigit) > 0) {
            q--;
            r += d1;
            if (r >>> 32 != 0) {
                break;
            }
        }
        return q;
    }
}
