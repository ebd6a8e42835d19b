package org.lodgevm.x86.decode;

/**
 * Legacy prefix bytes.
 *
 * @sdm Volume 2, 2.1.1
 */
final class Prefixes {
    static final int OPERAND_SIZE = 0x66;
    static final int ADDRESS_SIZE = 0x67;
    static final int LOCK = 0xF0;
    static final int REPNE = 0xF2;
    static final int REP = 0xF3;

    private static final int SEGMENT_ES = 0x26;
    private static final int SEGMENT_CS = 0x2E;
    private static final int SEGMENT_SS = 0x36;
    private static final int SEGMENT_DS = 0x3E;
    private static final int SEGMENT_FS = 0x64;
    private static final int SEGMENT_GS = 0x65;

    /** A bit for each byte that is a prefix. */
    private static final long[] BITS = new long[4];

    static {
        int[] prefixes = {
            OPERAND_SIZE, ADDRESS_SIZE, LOCK, REPNE, REP,
            SEGMENT_ES, SEGMENT_CS, SEGMENT_SS, SEGMENT_DS, SEGMENT_FS, SEGMENT_GS
        };
        for (int prefix : prefixes) {
            BITS[prefix >> 6] |= 1L << prefix;
        }
    }

    private Prefixes() {}

    static boolean isPrefix(int b) {
        return (BITS[b >> 6] >>> b & 1) != 0;
    }

    /** Segment register that the prefix {@code b} selects. */
    static int segment(int b) {
        return b >= SEGMENT_FS ? b - SEGMENT_FS + 4 : (b - SEGMENT_ES) >> 3;
    }
}
