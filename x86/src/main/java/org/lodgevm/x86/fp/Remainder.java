package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.Extended.exponent;
import static org.lodgevm.x86.fp.Extended.isFiniteNonzero;
import static org.lodgevm.x86.fp.Extended.isInfinite;
import static org.lodgevm.x86.fp.Extended.isNegative;
import static org.lodgevm.x86.fp.Extended.isZero;
import static org.lodgevm.x86.fp.Extended.normalized;
import static org.lodgevm.x86.fp.Extended.noteDenormal;

/** FPREM and FPREM1: exact remainders, in several steps where the exponents lie far apart. @sdm 2A:FPREM */
final class Remainder {
    /** There is no quotient: C0, C1 and C3 tell nothing. */
    static final int NO_QUOTIENT = -1;

    private Remainder() {}

    /**
     * The remainder of {@code a / b}.
     *
     * @param nearest round the quotient to nearest (FPREM1); truncate it otherwise
     * @return C2 if the reduction is partial; else the low bits of the quotient, Q2 in C0, Q1 in C3, Q0 in C1
     */
    static int remainder(FpContext c, int aSignExponent, long a, int bSignExponent, long b, boolean nearest) {
        if (isFiniteNonzero(aSignExponent, a) && isFiniteNonzero(bSignExponent, b)) {
            noteDenormal(c, aSignExponent, a);
            noteDenormal(c, bSignExponent, b);
            return c.hasNoResult() ? NO_QUOTIENT : reduce(c, isNegative(aSignExponent), exponent(aSignExponent, a), normalized(a),
                    exponent(bSignExponent, b), normalized(b), nearest);
        }
        if (ExtendedArithmetic.isNotANumber(aSignExponent, a) || ExtendedArithmetic.isNotANumber(bSignExponent, b)) {
            Extended.propagate(c, aSignExponent, a, bSignExponent, b);
        } else if (isInfinite(aSignExponent, a) || isZero(bSignExponent, b)) {
            Extended.setInvalid(c);
        } else {
            noteDenormal(c, aSignExponent, a);
            noteDenormal(c, bSignExponent, b);
            c.setExtended(aSignExponent, a);
            if (isFiniteNonzero(aSignExponent, a) && !c.hasNoResult()) {
                c.set(isNegative(aSignExponent), exponent(aSignExponent, a), normalized(a));
                Extended.pack(c, 64);
            }
            return c.hasNoResult() ? NO_QUOTIENT : 0;
        }
        return NO_QUOTIENT;
    }

    private static int reduce(FpContext c, boolean negative, int aExponent, long a, int bExponent, long b, boolean nearest) {
        int distance = aExponent - bExponent;
        if (distance < 0) {
            if (nearest && distance == -1 && Long.compareUnsigned(a, b) > 0) {
                Exact.add(c, negative, aExponent, a, !negative, bExponent, b);
                Extended.pack(c, 64);
                return quotientBits(1);
            }
            c.set(negative, aExponent, a);
            Extended.pack(c, 64);
            return 0;
        }
        if (distance >= 64) {
            int step = distance & 31 | 32;
            divide(c, a, b, step);
            set(c, negative, aExponent - step, c.low);
            return X87.C2;
        }
        long quotient = divide(c, a, b, distance);
        long rest = c.low;
        if (nearest) {
            int half = Long.compareUnsigned(rest, b - rest);
            if (half > 0 || half == 0 && (quotient & 1) != 0) {
                quotient++;
                rest = b - rest;
                negative = !negative;
            }
        }
        set(c, negative, bExponent, rest);
        return quotientBits(quotient);
    }

    /** Leaves the remainder of {@code a * 2^shift / b} (shift at most 63) in the context's low slot and returns the quotient's low bits. */
    private static long divide(FpContext c, long a, long b, int shift) {
        long first = 0;
        long rest = a;
        if (Long.compareUnsigned(a, b) >= 0) {
            first = 1;
            rest = a - b;
        }
        if (shift == 0) {
            c.low = rest;
            return first;
        }
        long low = rest << shift;
        long quotient = Exact.quotient(rest >>> -shift, low, b);
        c.low = low - quotient * b;
        return first << shift | quotient;
    }

    private static void set(FpContext c, boolean negative, int exponent, long rest) {
        c.set(negative, exponent, rest);
        Exact.normalize(c);
        Extended.pack(c, 64);
    }

    private static int quotientBits(long quotient) {
        return ((quotient & 4) != 0 ? X87.C0 : 0) | ((quotient & 2) != 0 ? X87.C3 : 0) | ((quotient & 1) != 0 ? X87.C1 : 0);
    }
}
