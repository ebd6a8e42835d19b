package org.lodgevm.x86.fp;

/**
 * The x87 80-bit format: a sign and biased exponent of 16 bits, and a significand whose integer bit is explicit.
 *
 * <p>Besides what IEEE 754 knows there are pseudo-denormals (accepted, and never produced) and the unsupported encodings:
 * unnormals, pseudo-infinities and pseudo-NaNs, invalid operands all. @sdm 1:4.2.2 @sdm 1:8.2.2
 */
final class Extended {
    static final int SIGN = 0x8000;
    static final int EXPONENT = 0x7fff;
    static final int BIAS = 16383;
    static final long INTEGER = Long.MIN_VALUE;
    static final long QUIET = 1L << 62;
    /** Sign and exponent of the QNaN floating-point indefinite, whose significand is {@link #INDEFINITE}. */
    static final int INDEFINITE_SIGN_EXPONENT = SIGN | EXPONENT;
    static final long INDEFINITE = INTEGER | QUIET;
    /** What is added to (subtracted from) the exponent on an unmasked underflow (overflow). @sdm 1:8.5.4 */
    private static final int WRAP = 24576;

    private Extended() {}

    static boolean isNegative(int signExponent) {
        return (signExponent & SIGN) != 0;
    }

    static boolean isZero(int signExponent, long significand) {
        return significand == 0 && (signExponent & EXPONENT) == 0;
    }

    static boolean isInfinite(int signExponent, long significand) {
        return significand == INTEGER && (signExponent & EXPONENT) == EXPONENT;
    }

    static boolean isNan(int signExponent, long significand) {
        return significand < 0 && significand != INTEGER && (signExponent & EXPONENT) == EXPONENT;
    }

    static boolean isSignaling(int signExponent, long significand) {
        return isNan(signExponent, significand) && (significand & QUIET) == 0;
    }

    static boolean isUnsupported(int signExponent, long significand) {
        return significand >= 0 && (signExponent & EXPONENT) != 0;
    }

    static boolean isDenormal(int signExponent, long significand) {
        return (signExponent & EXPONENT) == 0 && significand != 0;
    }

    /** Normal, denormal or pseudo-denormal. */
    static boolean isFiniteNonzero(int signExponent, long significand) {
        int biased = signExponent & EXPONENT;
        return biased == 0 ? significand != 0 : biased != EXPONENT && significand < 0;
    }

    /** The exponent of a finite nonzero number. */
    static int exponent(int signExponent, long significand) {
        return Math.max(signExponent & EXPONENT, 1) - BIAS - Long.numberOfLeadingZeros(significand);
    }

    /** The significand of a finite nonzero number, its top bit set. */
    static long normalized(long significand) {
        return significand << Long.numberOfLeadingZeros(significand);
    }

    static void setZero(FpContext c, boolean negative) {
        c.setExtended(negative ? SIGN : 0, 0);
    }

    static void setInfinity(FpContext c, boolean negative) {
        c.setExtended(negative ? SIGN | EXPONENT : EXPONENT, INTEGER);
    }

    static void setOne(FpContext c, boolean negative) {
        c.setExtended(negative ? SIGN | BIAS : BIAS, INTEGER);
    }

    /** The masked response to an invalid operation. */
    static void setInvalid(FpContext c) {
        c.flags |= FpContext.IE;
        c.setExtended(INDEFINITE_SIGN_EXPONENT, INDEFINITE);
    }

    /** Rounds the intermediate result to the context's precision and packs it. */
    static void pack(FpContext c) {
        pack(c, c.precision);
    }

    /** Rounds the intermediate result to {@code precision} bits and packs it; the exponent's range is that of 80 bits always. */
    static void pack(FpContext c, int precision) {
        if (c.high == 0) {
            setZero(c, c.negative);
            return;
        }
        int drop = 64 - precision;
        if (c.exponent < 1 - BIAS) {
            packTiny(c, drop);
            return;
        }
        long kept = c.round(drop);
        int biased = c.exponent + BIAS;
        if (c.inexact) {
            c.flags |= FpContext.PE;
        }
        if (kept << drop >= 0) {
            kept = INTEGER >>> drop;
            biased++;
        }
        if (biased >= EXPONENT) {
            packOverflow(c, biased, kept << drop, drop);
        } else {
            c.setExtended(c.negative ? SIGN | biased : biased, kept << drop);
        }
    }

    /** @sdm 1:8.5.4 */
    private static void packOverflow(FpContext c, int biased, long significand, int drop) {
        c.flags |= FpContext.OE;
        int sign = c.negative ? SIGN : 0;
        if (!c.isMasked(FpContext.OE)) {
            int wrapped = biased - WRAP;
            if (wrapped >= EXPONENT) {
                setInfinity(c, c.negative);
                setBeyondWrap(c, true);
            } else {
                c.setExtended(sign | wrapped, significand);
            }
            return;
        }
        c.flags |= FpContext.PE;
        c.roundedUp = c.overflowsToInfinity();
        if (c.roundedUp) {
            setInfinity(c, c.negative);
        } else {
            c.setExtended(sign | EXPONENT - 1, -1L << drop);
        }
    }

    /** A result that no wrapped exponent reaches (only FSCALE has one) is inexact. */
    private static void setBeyondWrap(FpContext c, boolean away) {
        c.flags |= FpContext.PE;
        c.roundedUp = away;
    }

    /** @sdm 1:8.5.5 */
    private static void packTiny(FpContext c, int drop) {
        int biased = c.exponent + BIAS;
        int sign = c.negative ? SIGN : 0;
        long kept = c.round(drop);
        boolean carried = kept << drop >= 0;
        boolean tiny = biased < 0 || !carried;
        if (tiny && !c.isMasked(FpContext.UE)) {
            c.flags |= c.inexact ? FpContext.UE | FpContext.PE : FpContext.UE;
            int wrapped = biased + WRAP + (carried ? 1 : 0);
            if (wrapped <= 0) {
                setZero(c, c.negative);
                setBeyondWrap(c, false);
            } else {
                c.setExtended(sign | wrapped, carried ? INTEGER : kept << drop);
            }
            return;
        }
        kept = c.round(drop + 1 - biased) << drop;
        if (c.inexact) {
            c.flags |= tiny ? FpContext.UE | FpContext.PE : FpContext.PE;
        }
        c.setExtended(kept < 0 ? sign | 1 : sign, kept);
    }

    /**
     * Answers an operation one of whose operands is a NaN or unsupported: the NaN with the larger significand, quieted; a
     * quiet one before a signaling one. @sdm 1:4.8.3.5
     */
    static void propagate(FpContext c, int aSignExponent, long a, int bSignExponent, long b) {
        if (isUnsupported(aSignExponent, a) || isUnsupported(bSignExponent, b)) {
            setInvalid(c);
            return;
        }
        boolean aSignaling = isSignaling(aSignExponent, a);
        boolean bSignaling = isSignaling(bSignExponent, b);
        if (aSignaling || bSignaling) {
            c.flags |= FpContext.IE;
        }
        boolean takeA;
        if (!isNan(bSignExponent, b)) {
            takeA = true;
        } else if (!isNan(aSignExponent, a)) {
            takeA = false;
        } else if (aSignaling != bSignaling) {
            takeA = bSignaling;
        } else if (a != b) {
            takeA = Long.compareUnsigned(a, b) > 0;
        } else {
            takeA = !isNegative(aSignExponent);
        }
        c.setExtended(takeA ? aSignExponent : bSignExponent, (takeA ? a : b) | QUIET);
    }

    /** Answers an operation whose only operand is a NaN or unsupported. */
    static void propagate(FpContext c, int signExponent, long significand) {
        propagate(c, signExponent, significand, signExponent, significand);
    }

    /** Notes a denormal operand. */
    static void noteDenormal(FpContext c, int signExponent, long significand) {
        if (isDenormal(signExponent, significand)) {
            c.flags |= FpContext.DE;
        }
    }

    /** Widens a number of another format, exactly and without exceptions: a signaling NaN stays one. */
    static void widen(FpContext c, Format format, long bits) {
        int sign = format.isNegative(bits) ? SIGN : 0;
        if (format.isZero(bits)) {
            c.setExtended(sign, 0);
        } else if ((bits & format.exponentMask) == format.exponentMask) {
            c.setExtended(sign | EXPONENT, format.significand(bits));
        } else {
            c.setExtended(sign | format.exponent(bits) + BIAS, format.significand(bits));
        }
    }

    /** Narrows to another format, as a store does. Where an unmasked exception forbids the store, what is returned is void. */
    static long narrow(FpContext c, Format format, int signExponent, long significand) {
        boolean negative = isNegative(signExponent);
        if (isFiniteNonzero(signExponent, significand)) {
            c.set(negative, exponent(signExponent, significand), normalized(significand));
            return format.pack(c);
        }
        if (isZero(signExponent, significand)) {
            return format.zero(negative);
        }
        if (isInfinite(signExponent, significand)) {
            return format.infinity(negative);
        }
        propagate(c, signExponent, significand);
        return format.nan(isNegative(c.signExponent), c.significand);
    }
}
