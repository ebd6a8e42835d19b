package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * The AES instructions. The state's columns are the doublewords of a register, its rows the bytes within each.
 *
 * <p>A round is sixteen table look-ups: SubBytes and MixColumns of one byte of row 0 make one column, and the other rows' columns are
 * the same, rotated. Look-ups take time that depends on the data, as in any software AES.
 *
 * @sdm 2A AESENC, AESENCLAST, AESDEC, AESDECLAST, AESIMC, AESKEYGENASSIST
 * @sdm 1 12.13
 */
public final class Aes {

    /** The field's polynomial, x^8 + x^4 + x^3 + x + 1. */
    private static final int POLYNOMIAL = 0x11B;

    private static final byte[] S_BOX = new byte[256];
    private static final byte[] INVERSE_S_BOX = new byte[256];
    private static final int[] ENCRYPT = new int[256];
    private static final int[] DECRYPT = new int[256];
    /** InvMixColumns without a substitution before it. */
    private static final int[] UNMIX = new int[256];

    static {
        // Powers of the generator 3 in step with powers of its inverse, F6: each pair multiplies to one.
        int power = 1;
        int inverse = 1;
        for (int i = 0; i < 255; i++) {
            substitute(power, inverse);
            power = multiply(power, 0x03);
            inverse = multiply(inverse, 0xF6);
        }
        substitute(0, 0);
        for (int x = 0; x < 256; x++) {
            int s = S_BOX[x] & 0xFF;
            ENCRYPT[x] = column(multiply(s, 2), s, s, multiply(s, 3));
            UNMIX[x] = column(multiply(x, 14), multiply(x, 9), multiply(x, 13), multiply(x, 11));
        }
        for (int x = 0; x < 256; x++) {
            DECRYPT[x] = UNMIX[INVERSE_S_BOX[x] & 0xFF];
        }
    }

    private Aes() {}

    private static void substitute(int x, int inverse) {
        int copies = inverse * 0x101;
        int s = (copies ^ copies >> 4 ^ copies >> 5 ^ copies >> 6 ^ copies >> 7 ^ 0x63) & 0xFF;
        S_BOX[x] = (byte) s;
        INVERSE_S_BOX[s] = (byte) x;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        for (int bit = 0x80; bit != 0; bit >>= 1) {
            product <<= 1;
            product ^= -(product >> 8 & 1) & POLYNOMIAL;
            product ^= (b & bit) != 0 ? a : 0;
        }
        return product;
    }

    private static int column(int row0, int row1, int row2, int row3) {
        return row0 | row1 << 8 | row2 << 16 | row3 << 24;
    }

    public static void aesenc(long dst, long src) {
        int c0 = get32(dst);
        int c1 = get32(dst + 4);
        int c2 = get32(dst + 8);
        int c3 = get32(dst + 12);
        putRound(
                dst,
                src,
                mixed(ENCRYPT, c0, c1, c2, c3),
                mixed(ENCRYPT, c1, c2, c3, c0),
                mixed(ENCRYPT, c2, c3, c0, c1),
                mixed(ENCRYPT, c3, c0, c1, c2));
    }

    public static void aesdec(long dst, long src) {
        int c0 = get32(dst);
        int c1 = get32(dst + 4);
        int c2 = get32(dst + 8);
        int c3 = get32(dst + 12);
        putRound(
                dst,
                src,
                mixed(DECRYPT, c0, c3, c2, c1),
                mixed(DECRYPT, c1, c0, c3, c2),
                mixed(DECRYPT, c2, c1, c0, c3),
                mixed(DECRYPT, c3, c2, c1, c0));
    }

    public static void aesenclast(long dst, long src) {
        int c0 = get32(dst);
        int c1 = get32(dst + 4);
        int c2 = get32(dst + 8);
        int c3 = get32(dst + 12);
        putRound(
                dst,
                src,
                substituted(S_BOX, c0, c1, c2, c3),
                substituted(S_BOX, c1, c2, c3, c0),
                substituted(S_BOX, c2, c3, c0, c1),
                substituted(S_BOX, c3, c0, c1, c2));
    }

    public static void aesdeclast(long dst, long src) {
        int c0 = get32(dst);
        int c1 = get32(dst + 4);
        int c2 = get32(dst + 8);
        int c3 = get32(dst + 12);
        putRound(
                dst,
                src,
                substituted(INVERSE_S_BOX, c0, c3, c2, c1),
                substituted(INVERSE_S_BOX, c1, c0, c3, c2),
                substituted(INVERSE_S_BOX, c2, c1, c0, c3),
                substituted(INVERSE_S_BOX, c3, c2, c1, c0));
    }

    /** Adds the round key. */
    private static void putRound(long dst, long key, int c0, int c1, int c2, int c3) {
        long low = get64(key) ^ (long) c1 << 32 ^ c0 & 0xFFFF_FFFFL;
        long high = get64(key + 8) ^ (long) c3 << 32 ^ c2 & 0xFFFF_FFFFL;
        put64(dst, low);
        put64(dst + 8, high);
    }

    /** One column of a round, from the columns that (Inv)ShiftRows takes its rows from. */
    private static int mixed(int[] table, int row0, int row1, int row2, int row3) {
        return table[row0 & 0xFF]
                ^ Integer.rotateLeft(table[row1 >>> 8 & 0xFF], 8)
                ^ Integer.rotateLeft(table[row2 >>> 16 & 0xFF], 16)
                ^ Integer.rotateLeft(table[row3 >>> 24], 24);
    }

    private static int substituted(byte[] box, int row0, int row1, int row2, int row3) {
        return box[row0 & 0xFF] & 0xFF
                | (box[row1 >>> 8 & 0xFF] & 0xFF) << 8
                | (box[row2 >>> 16 & 0xFF] & 0xFF) << 16
                | box[row3 >>> 24] << 24;
    }

    public static void aesimc(long dst, long src) {
        for (int i = 0; i < 16; i += 4) {
            int c = get32(src + i);
            put32(dst + i, mixed(UNMIX, c, c, c, c));
        }
    }

    public static void aeskeygenassist(long dst, long src, int imm) {
        int c1 = get32(src + 4);
        int c3 = get32(src + 12);
        int s1 = substituted(S_BOX, c1, c1, c1, c1);
        int s3 = substituted(S_BOX, c3, c3, c3, c3);
        int constant = imm & 0xFF;
        put32(dst, s1);
        put32(dst + 4, Integer.rotateRight(s1, 8) ^ constant);
        put32(dst + 8, s3);
        put32(dst + 12, Integer.rotateRight(s3, 8) ^ constant);
    }
}
