package org.lodgevm.x86.simd;

/**
 * The CRC32 instruction: the cyclic redundancy check of iSCSI, one step over 1, 2, 4 or 8 bytes. The result is zero-extended; no
 * inversion takes place before or after.
 *
 * @sdm 2A CRC32
 * @rfc 3720 12.1
 */
public final class Crc32 {

    /** The polynomial 11EDC6F41, bits reversed. */
    private static final int POLYNOMIAL = 0x82F6_3B78;

    /** Entry {@code 256 * n + x}: the remainder of byte x followed by n zero bytes. */
    private static final int[] REMAINDERS = remainders();

    private Crc32() {}

    private static int[] remainders() {
        int[] table = new int[8 * 256];
        for (int i = 0; i < table.length; i++) {
            int remainder = i < 256 ? i : table[i - 256];
            for (int bit = 0; bit < 8; bit++) {
                remainder = remainder >>> 1 ^ -(remainder & 1) & POLYNOMIAL;
            }
            table[i] = remainder;
        }
        return table;
    }

    public static long crc32b(long crc, long value) {
        return (after((crc ^ value) & 0xFF, 0) ^ (int) crc >>> 8) & 0xFFFF_FFFFL;
    }

    public static long crc32w(long crc, long value) {
        long mixed = (crc ^ value) & 0xFFFF;
        return (after(mixed, 1) ^ after(mixed >>> 8, 0) ^ (int) crc >>> 16) & 0xFFFF_FFFFL;
    }

    public static long crc32d(long crc, long value) {
        return dword(crc ^ value, 0) & 0xFFFF_FFFFL;
    }

    public static long crc32q(long crc, long value) {
        long mixed = crc & 0xFFFF_FFFFL ^ value;
        return (dword(mixed, 4) ^ dword(mixed >>> 32, 0)) & 0xFFFF_FFFFL;
    }

    private static int dword(long bytes, int zeros) {
        return after(bytes, zeros + 3) ^ after(bytes >>> 8, zeros + 2) ^ after(bytes >>> 16, zeros + 1) ^ after(bytes >>> 24, zeros);
    }

    private static int after(long bits, int zeros) {
        return REMAINDERS[256 * zeros + (int) (bits & 0xFF)];
    }
}
