package org.lodgevm.x86.simd;

/**
 * SIMD within a register: equal lanes side by side in one {@code long}, worked on together by keeping carries from crossing from one
 * lane into the next. The lanes' width is given by the mask of their sign bits: {@link #BYTES}, {@link #WORDS} or {@link #DWORDS}.
 *
 * <p>Predicates answer in sign bits: the sign bit of a lane is set if the predicate holds there, all other bits are clear.
 * {@link #fill} widens the answer to whole lanes.
 */
final class Swar {

    static final long BYTES = 0x8080_8080_8080_8080L;
    static final long WORDS = 0x8000_8000_8000_8000L;
    static final long DWORDS = 0x8000_0000_8000_0000L;

    private Swar() {}

    /** One in every lane. */
    static long ones(long signs) {
        return signs << 1 | 1;
    }

    static long add(long a, long b, long signs) {
        return (a & ~signs) + (b & ~signs) ^ (a ^ b) & signs;
    }

    static long subtract(long a, long b, long signs) {
        return (a | signs) - (b & ~signs) ^ (a ^ ~b) & signs;
    }

    /** Predicate: a lane is zero. */
    static long zero(long a, long signs) {
        return ~((a & ~signs) + ~signs | a) & signs;
    }

    /** Predicate: {@code a < b}, unsigned. */
    static long below(long a, long b, long signs) {
        return (~a & b | ~(a ^ b) & subtract(a, b, signs)) & signs;
    }

    /** Predicate: {@code a < b}, signed. */
    static long less(long a, long b, long signs) {
        return (a & ~b | ~(a ^ b) & subtract(a, b, signs)) & signs;
    }

    /** Sets every bit of the lanes, {@code width} bits wide, that a predicate has chosen. */
    static long fill(long predicate, int width) {
        return (predicate << 1) - (predicate >>> width - 1);
    }

    /** Bits of {@code a} where the mask is set, of {@code b} elsewhere. */
    static long select(long mask, long a, long b) {
        return b ^ (a ^ b) & mask;
    }

    static long addUnsignedSaturating(long a, long b, long signs, int width) {
        long sum = add(a, b, signs);
        long carry = (a & b | (a | b) & ~sum) & signs;
        return sum | fill(carry, width);
    }

    static long subtractUnsignedSaturating(long a, long b, long signs, int width) {
        long difference = subtract(a, b, signs);
        long borrow = (~a & b | ~(a ^ b) & difference) & signs;
        return difference & ~fill(borrow, width);
    }

    static long addSaturating(long a, long b, long signs, int width) {
        long sum = add(a, b, signs);
        long overflow = ~(a ^ b) & (a ^ sum) & signs;
        return select(fill(overflow, width), extreme(a, signs, width), sum);
    }

    static long subtractSaturating(long a, long b, long signs, int width) {
        long difference = subtract(a, b, signs);
        long overflow = (a ^ b) & (a ^ difference) & signs;
        return select(fill(overflow, width), extreme(a, signs, width), difference);
    }

    /** The least or the greatest signed number, whichever has the sign of {@code a}. */
    private static long extreme(long a, long signs, int width) {
        return ((a & signs) >>> width - 1) + ~signs;
    }

    /** The average, rounded up. */
    static long average(long a, long b, long signs) {
        return (a | b) - ((a ^ b) >>> 1 & ~signs);
    }

    static long absolute(long a, long signs, int width) {
        long negative = a & signs;
        return (a ^ fill(negative, width)) + (negative >>> width - 1);
    }

    /** Negates where {@code b} is negative, clears where it is zero. */
    static long sign(long a, long b, long signs, int width) {
        long negative = b & signs;
        long negated = add(a ^ fill(negative, width), negative >>> width - 1, signs);
        return negated & ~fill(zero(b, signs), width);
    }
}
