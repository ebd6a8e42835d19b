package org.lodgevm.x86.fp;

/**
 * What floating-point operations share: the modes they read, the exceptions they raise and the slots they answer in.
 *
 * <p>Operations are static methods over raw bits and never allocate; one that has more to return than fits a {@code long}
 * leaves it in a slot here. A context belongs to one vCPU.
 *
 * <p>Between its exact computation and its rounding a result is in {@link #negative}, {@link #exponent}, {@link #high} and
 * {@link #low}: its magnitude is {@code high:low / 2^127 * 2^exponent}, {@code high} has its top bit set, and bit 0 of
 * {@code low} is sticky (set if any bit below it would be). A {@code high} of 0 stands for an exact zero.
 */
public class FpContext {
    /** Exception flags, at the bit positions of the x87 status word and of MXCSR. @sdm 1:8.5 @sdm 1:11.5.2 */
    public static final int IE = 1;
    public static final int DE = 1 << 1;
    public static final int ZE = 1 << 2;
    public static final int OE = 1 << 3;
    public static final int UE = 1 << 4;
    public static final int PE = 1 << 5;
    public static final int EXCEPTIONS = 0x3f;
    /** Exceptions detected before the result is computed: if one of them is unmasked there is no result. */
    static final int BEFORE_RESULT = IE | DE | ZE;

    /** Values of the RC fields. @sdm 1:4.8.4 */
    public static final int NEAREST = 0;
    public static final int DOWN = 1;
    public static final int UP = 2;
    public static final int TRUNCATE = 3;

    /** Exceptions raised since the instruction began. */
    int flags;
    /** Exceptions that are masked. */
    int masks = EXCEPTIONS;
    int rounding = NEAREST;
    /** Significand bits of x87 results: 24, 53 or 64. */
    int precision = 64;
    boolean denormalsAreZero;
    boolean flushToZero;

    boolean negative;
    int exponent;
    long high;
    long low;

    /** The last rounding lost bits. */
    boolean inexact;
    /** The last rounding moved away from zero. */
    boolean roundedUp;

    /** An 80-bit result: sign in bit 15, biased exponent in bits 14:0. */
    int signExponent;
    long significand;

    /** Whether an exception of this instruction keeps it from having a result. */
    final boolean hasNoResult() {
        return (flags & ~masks & BEFORE_RESULT) != 0;
    }

    final boolean hasInvalid() {
        return (flags & IE) != 0;
    }

    final boolean isMasked(int exception) {
        return (masks & exception) != 0;
    }

    /** Sets the intermediate result to a 64-bit significand (top bit set) scaled so that it is in [1, 2) at exponent 0. */
    final void set(boolean negative, int exponent, long significand) {
        this.negative = negative;
        this.exponent = exponent;
        high = significand;
        low = 0;
    }

    /**
     * Rounds the magnitude after dropping the low {@code drop} (0 or more) of the 64 bits in {@link #high}.
     *
     * @return what is left, right aligned; an increment may carry one bit further (to 0 if nothing was dropped)
     */
    final long round(int drop) {
        long kept;
        long rest;
        if (drop == 0) {
            kept = high;
            rest = low;
        } else {
            long sticky = low == 0 ? 0 : 1;
            kept = drop < 64 ? high >>> drop : 0;
            rest = drop < 64 ? high << -drop | sticky : drop == 64 ? high | sticky : 1;
        }
        inexact = rest != 0;
        roundedUp = inexact && awayFromZero(rounding, negative, (kept & 1) != 0, rest);
        return roundedUp ? kept + 1 : kept;
    }

    /** Whether a magnitude is to be incremented, {@code rest} being the nonzero fraction dropped, in units of 2^-64. */
    private static boolean awayFromZero(int rounding, boolean negative, boolean odd, long rest) {
        return switch (rounding) {
            case NEAREST -> rest < 0 && (odd || rest != Long.MIN_VALUE);
            case DOWN -> negative;
            case UP -> !negative;
            default -> false;
        };
    }

    /** Whether an overflow rounds to infinity; it goes to the largest finite number otherwise. @sdm 1:4.9.1.4 */
    final boolean overflowsToInfinity() {
        return switch (rounding) {
            case NEAREST -> true;
            case DOWN -> negative;
            case UP -> !negative;
            default -> false;
        };
    }

    final void setExtended(int signExponent, long significand) {
        this.signExponent = signExponent;
        this.significand = significand;
    }
}
