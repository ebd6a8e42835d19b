package org.lodgevm.x86.simd;

/**
 * Boundary and random operands, drawn from a seed. The recorder of the vectors (record.c) draws the same ones in the same order: a
 * change here is one there, and a new recording.
 */
final class SimdOperands {

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private static final long[] BYTES = {0x00, 0x01, 0x7F, 0x80, 0x81, 0xFE, 0xFF, 0x40};
    private static final long[] WORDS = {0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x0080, 0xFF7F};
    private static final long[] DWORDS = {
        0, 1, 0x7FFF_FFFFL, 0x8000_0000L, 0x8000_0001L, 0xFFFF_FFFFL, 0x0000_8000L, 0xFFFF_7FFFL
    };

    /** Registers, low and high quadwords. */
    final long[] a = new long[2];

    final long[] b = new long[2];
    final long[] x = new long[2];

    /** Numbers, for general-purpose registers. */
    long v;

    long w;
    int imm;

    private long state;

    SimdOperands(String seed) {
        for (int i = 0; i < seed.length(); i++) {
            state = (state ^ seed.charAt(i)) * GOLDEN;
        }
    }

    void draw(long index) {
        for (long[] register : new long[][] {a, b, x}) {
            register[0] = quadword();
            register[1] = quadword();
        }
        v = number();
        w = number();
        if (sourceIsThird(index)) {
            copy(b, x);
        } else if (destinationIsThird(index)) {
            copy(a, x);
        } else if (destinationIsSource(index)) {
            copy(a, b);
        }
        imm = (int) next() & 0xFF;
    }

    // Cases in which two operands are equal, so that they can be one register.

    static boolean sourceIsThird(long index) {
        return (index & 7) == 5;
    }

    static boolean destinationIsThird(long index) {
        return (index & 7) == 6;
    }

    static boolean destinationIsSource(long index) {
        return (index & 7) == 7;
    }

    private static void copy(long[] from, long[] to) {
        System.arraycopy(from, 0, to, 0, 2);
    }

    /** Mixes one result word into a hash. */
    static long hash(long hash, long word) {
        long mixed = (hash ^ word) * GOLDEN;
        return mixed ^ mixed >>> 29;
    }

    /** SplitMix64. */
    private long next() {
        state += GOLDEN;
        long z = (state ^ state >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    private long number() {
        return (next() & 1) != 0 ? quadword() : (next() & 31) - 12;
    }

    private long quadword() {
        long kind = next();
        return switch ((int) kind & 7) {
            case 0 -> boundaries(BYTES, 8);
            case 1 -> boundaries(WORDS, 16);
            case 2 -> boundaries(DWORDS, 32);
            case 3 -> next() & 0x3F;
            case 4 -> next() & ((kind & 8) != 0 ? 0x0303_0303_0303_0303L : 0x0003_0003_0003_0003L);
            default -> next();
        };
    }

    private long boundaries(long[] values, int width) {
        long choice = next();
        long quadword = 0;
        for (int shift = 0; shift < 64; shift += width) {
            quadword |= values[(int) (choice >>> shift) & 7] << shift;
        }
        return quadword;
    }
}
