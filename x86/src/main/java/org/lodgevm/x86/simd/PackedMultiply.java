package org.lodgevm.x86.simd;

import static org.lodgevm.x86.simd.Swar.BYTES;

/** Multiplication and sums of products or differences over 64 bits of packed integers. */
final class PackedMultiply {

    private PackedMultiply() {}

    static long pmullw(long a, long b) {
        return words(word(a, 0) * word(b, 0), word(a, 1) * word(b, 1), word(a, 2) * word(b, 2), word(a, 3) * word(b, 3));
    }

    static long pmulhw(long a, long b) {
        return words(
                word(a, 0) * word(b, 0) >> 16,
                word(a, 1) * word(b, 1) >> 16,
                word(a, 2) * word(b, 2) >> 16,
                word(a, 3) * word(b, 3) >> 16);
    }

    static long pmulhuw(long a, long b) {
        return words(
                unsignedWord(a, 0) * unsignedWord(b, 0) >> 16,
                unsignedWord(a, 1) * unsignedWord(b, 1) >> 16,
                unsignedWord(a, 2) * unsignedWord(b, 2) >> 16,
                unsignedWord(a, 3) * unsignedWord(b, 3) >> 16);
    }

    static long pmulhrsw(long a, long b) {
        return words(
                roundedHigh(word(a, 0) * word(b, 0)),
                roundedHigh(word(a, 1) * word(b, 1)),
                roundedHigh(word(a, 2) * word(b, 2)),
                roundedHigh(word(a, 3) * word(b, 3)));
    }

    private static int roundedHigh(int product) {
        return (product >> 14) + 1 >> 1;
    }

    static long pmulld(long a, long b) {
        return dwords((int) a * (int) b, (int) (a >> 32) * (int) (b >> 32));
    }

    static long pmuludq(long a, long b) {
        return (a & 0xFFFF_FFFFL) * (b & 0xFFFF_FFFFL);
    }

    static long pmuldq(long a, long b) {
        return (long) (int) a * (int) b;
    }

    static long pmaddwd(long a, long b) {
        return dwords(
                word(a, 0) * word(b, 0) + word(a, 1) * word(b, 1), //
                word(a, 2) * word(b, 2) + word(a, 3) * word(b, 3));
    }

    /** Unsigned bytes of {@code a} times signed bytes of {@code b}; neighbouring products are added with saturation. */
    static long pmaddubsw(long a, long b) {
        long even = pmullw(a & 0x00FF_00FF_00FF_00FFL, PackedShift.psraw(b << 8 & 0xFF00_FF00_FF00_FF00L, 8));
        long odd = pmullw(a >>> 8 & 0x00FF_00FF_00FF_00FFL, PackedShift.psraw(b, 8));
        return PackedArithmetic.paddsw(even, odd);
    }

    static long psadbw(long a, long b) {
        long mask = Swar.fill(Swar.below(a, b, BYTES), 8);
        long differences = Swar.select(mask, b, a) - Swar.select(mask, a, b);
        long pairs = (differences & 0x00FF_00FF_00FF_00FFL) + (differences >>> 8 & 0x00FF_00FF_00FF_00FFL);
        return pairs * 0x0001_0001_0001_0001L >>> 48;
    }

    private static int word(long a, int index) {
        return (short) (a >>> 16 * index);
    }

    private static int unsignedWord(long a, int index) {
        return (char) (a >>> 16 * index);
    }

    private static long words(int w0, int w1, int w2, int w3) {
        return dwords(w0 & 0xFFFF | w1 << 16, w2 & 0xFFFF | w3 << 16);
    }

    private static long dwords(int low, int high) {
        return (long) high << 32 | low & 0xFFFF_FFFFL;
    }
}
