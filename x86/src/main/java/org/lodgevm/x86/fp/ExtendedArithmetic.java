package org.lodgevm.x86.fp;

import static org.lodgevm.x86.fp.Extended.exponent;
import static org.lodgevm.x86.fp.Extended.isFiniteNonzero;
import static org.lodgevm.x86.fp.Extended.isInfinite;
import static org.lodgevm.x86.fp.Extended.isNan;
import static org.lodgevm.x86.fp.Extended.isNegative;
import static org.lodgevm.x86.fp.Extended.isSignaling;
import static org.lodgevm.x86.fp.Extended.isUnsupported;
import static org.lodgevm.x86.fp.Extended.isZero;
import static org.lodgevm.x86.fp.Extended.normalized;
import static org.lodgevm.x86.fp.Extended.noteDenormal;

/** Addition, multiplication, division, square root and comparison in the 80-bit format; results in the context. @sdm 1:8.3.5 */
final class ExtendedArithmetic {
    /** Outcomes of a comparison. */
    static final int LESS = -1;
    static final int EQUAL = 0;
    static final int GREATER = 1;
    static final int UNORDERED = 2;

    private ExtendedArithmetic() {}

    static void add(FpContext c, int aSignExponent, long a, int bSignExponent, long b) {
        if (isFiniteNonzero(aSignExponent, a) && isFiniteNonzero(bSignExponent, b)) {
            noteDenormal(c, aSignExponent, a);
            noteDenormal(c, bSignExponent, b);
            if (c.hasNoResult()) {
                return;
            }
            Exact.add(c, isNegative(aSignExponent), exponent(aSignExponent, a), normalized(a),
                    isNegative(bSignExponent), exponent(bSignExponent, b), normalized(b));
            if (c.high == 0) {
                c.negative = c.rounding == FpContext.DOWN;
            }
            Extended.pack(c);
        } else {
            addSpecial(c, aSignExponent, a, bSignExponent, b);
        }
    }

    /** {@code a - b}. */
    static void subtract(FpContext c, int aSignExponent, long a, int bSignExponent, long b) {
        int negated = isNan(bSignExponent, b) ? bSignExponent : bSignExponent ^ Extended.SIGN;
        add(c, aSignExponent, a, negated, b);
    }

    private static void addSpecial(FpContext c, int aSignExponent, long a, int bSignExponent, long b) {
        if (isNotANumber(aSignExponent, a) || isNotANumber(bSignExponent, b)) {
            Extended.propagate(c, aSignExponent, a, bSignExponent, b);
            return;
        }
        noteDenormal(c, aSignExponent, a);
        noteDenormal(c, bSignExponent, b);
        boolean sameSign = isNegative(aSignExponent) == isNegative(bSignExponent);
        if (isInfinite(aSignExponent, a)) {
            if (isInfinite(bSignExponent, b) && !sameSign) {
                Extended.setInvalid(c);
            } else {
                c.setExtended(aSignExponent, a);
            }
        } else if (isInfinite(bSignExponent, b)) {
            c.setExtended(bSignExponent, b);
        } else if (isZero(aSignExponent, a) && isZero(bSignExponent, b)) {
            Extended.setZero(c, sameSign ? isNegative(aSignExponent) : c.rounding == FpContext.DOWN);
        } else if (isZero(aSignExponent, a)) {
            repack(c, bSignExponent, b);
        } else {
            repack(c, aSignExponent, a);
        }
    }

    /** Rounds a finite nonzero operand that is the exact result. */
    private static void repack(FpContext c, int signExponent, long significand) {
        if (!c.hasNoResult()) {
            c.set(isNegative(signExponent), exponent(signExponent, significand), normalized(significand));
            Extended.pack(c);
        }
    }

    static void multiply(FpContext c, int aSignExponent, long a, int bSignExponent, long b) {
        boolean negative = isNegative(aSignExponent ^ bSignExponent);
        if (isFiniteNonzero(aSignExponent, a) && isFiniteNonzero(bSignExponent, b)) {
            noteDenormal(c, aSignExponent, a);
            noteDenormal(c, bSignExponent, b);
            if (!c.hasNoResult()) {
                Exact.multiply(c, negative, exponent(aSignExponent, a), normalized(a), exponent(bSignExponent, b), normalized(b));
                Extended.pack(c);
            }
        } else if (isNotANumber(aSignExponent, a) || isNotANumber(bSignExponent, b)) {
            Extended.propagate(c, aSignExponent, a, bSignExponent, b);
        } else if (isInfinite(aSignExponent, a) && isZero(bSignExponent, b)
                || isZero(aSignExponent, a) && isInfinite(bSignExponent, b)) {
            Extended.setInvalid(c);
        } else {
            noteDenormal(c, aSignExponent, a);
            noteDenormal(c, bSignExponent, b);
            if (isInfinite(aSignExponent, a) || isInfinite(bSignExponent, b)) {
                Extended.setInfinity(c, negative);
            } else {
                Extended.setZero(c, negative);
            }
        }
    }

    /** {@code a / b}. */
    static void divide(FpContext c, int aSignExponent, long a, int bSignExponent, long b) {
        boolean negative = isNegative(aSignExponent ^ bSignExponent);
        if (isFiniteNonzero(aSignExponent, a) && isFiniteNonzero(bSignExponent, b)) {
            noteDenormal(c, aSignExponent, a);
            noteDenormal(c, bSignExponent, b);
            if (!c.hasNoResult()) {
                Exact.divide(c, negative, exponent(aSignExponent, a), normalized(a), exponent(bSignExponent, b), normalized(b));
                Extended.pack(c);
            }
        } else if (isNotANumber(aSignExponent, a) || isNotANumber(bSignExponent, b)) {
            Extended.propagate(c, aSignExponent, a, bSignExponent, b);
        } else {
            divideSpecial(c, negative, aSignExponent, a, bSignExponent, b);
        }
    }

    private static void divideSpecial(FpContext c, boolean negative, int aSignExponent, long a, int bSignExponent, long b) {
        boolean infinite = isInfinite(aSignExponent, a);
        boolean byZero = isZero(bSignExponent, b);
        if (infinite ? isInfinite(bSignExponent, b) : byZero && isZero(aSignExponent, a)) {
            Extended.setInvalid(c);
            return;
        }
        if (byZero && !infinite) {
            c.flags |= FpContext.ZE;
        } else {
            noteDenormal(c, aSignExponent, a);
            noteDenormal(c, bSignExponent, b);
        }
        if (infinite || byZero) {
            Extended.setInfinity(c, negative);
        } else {
            Extended.setZero(c, negative);
        }
    }

    static void squareRoot(FpContext c, int signExponent, long significand) {
        if (isNotANumber(signExponent, significand)) {
            Extended.propagate(c, signExponent, significand);
        } else if (isZero(signExponent, significand)) {
            c.setExtended(signExponent, significand);
        } else if (isNegative(signExponent)) {
            Extended.setInvalid(c);
        } else if (isInfinite(signExponent, significand)) {
            c.setExtended(signExponent, significand);
        } else {
            noteDenormal(c, signExponent, significand);
            if (!c.hasNoResult()) {
                Exact.squareRoot(c, exponent(signExponent, significand), normalized(significand));
                Extended.pack(c);
            }
        }
    }

    /** Compares; a NaN is invalid if it signals, or always if {@code quietIsInvalid}. */
    static int compare(FpContext c, int aSignExponent, long a, int bSignExponent, long b, boolean quietIsInvalid) {
        if (isNotANumber(aSignExponent, a) || isNotANumber(bSignExponent, b)) {
            if (quietIsInvalid || isUnsupported(aSignExponent, a) || isUnsupported(bSignExponent, b)
                    || isSignaling(aSignExponent, a) || isSignaling(bSignExponent, b)) {
                c.flags |= FpContext.IE;
            }
            return UNORDERED;
        }
        noteDenormal(c, aSignExponent, a);
        noteDenormal(c, bSignExponent, b);
        if (isZero(aSignExponent, a) && isZero(bSignExponent, b)) {
            return EQUAL;
        }
        boolean negative = isNegative(aSignExponent);
        if (negative != isNegative(bSignExponent)) {
            return negative ? LESS : GREATER;
        }
        int magnitude = compareMagnitude(aSignExponent, a, bSignExponent, b);
        return negative ? -magnitude : magnitude;
    }

    private static int compareMagnitude(int aSignExponent, long a, int bSignExponent, long b) {
        int aBiased = Math.max(aSignExponent & Extended.EXPONENT, 1);
        int bBiased = Math.max(bSignExponent & Extended.EXPONENT, 1);
        return Integer.signum(aBiased != bBiased && a != 0 && b != 0 ? aBiased - bBiased : Long.compareUnsigned(a, b));
    }

    /** Whether it is a NaN or unsupported. */
    static boolean isNotANumber(int signExponent, long significand) {
        return isNan(signExponent, significand) || isUnsupported(signExponent, significand);
    }
}
