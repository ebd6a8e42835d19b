package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get8;

/** Widening, narrowing, interleaving and permutation over 64 bits of packed integers. */
final class PackedOrder {

    private static final long LOW_BYTES = 0x00FF_00FF_00FF_00FFL;
    private static final long LOW_WORDS = 0x0000_FFFF_0000_FFFFL;

    private PackedOrder() {}

    /** The four low bytes to four words. */
    static long pmovzxbw(long bytes) {
        long words = spreadWords(bytes);
        return (words | words << 8) & LOW_BYTES;
    }

    static long pmovsxbw(long bytes) {
        long words = pmovzxbw(bytes);
        long signs = words & 0x0080_0080_0080_0080L;
        return words | (signs << 9) - (signs << 1);
    }

    /** The two low words to two doublewords. */
    private static long spreadWords(long words) {
        return (words & 0xFFFF_FFFFL | words << 16) & LOW_WORDS;
    }

    static long punpcklbw(long a, long b) {
        return pmovzxbw(a) | pmovzxbw(b) << 8;
    }

    static long punpckhbw(long a, long b) {
        return pmovzxbw(a >>> 32) | pmovzxbw(b >>> 32) << 8;
    }

    static long punpcklwd(long a, long b) {
        return spreadWords(a) | spreadWords(b) << 16;
    }

    static long punpckhwd(long a, long b) {
        return spreadWords(a >>> 32) | spreadWords(b >>> 32) << 16;
    }

    static long punpckldq(long a, long b) {
        return a & 0xFFFF_FFFFL | b << 32;
    }

    static long punpckhdq(long a, long b) {
        return a >>> 32 | b & 0xFFFF_FFFF_0000_0000L;
    }

    static long packsswb(long a, long b) {
        return lowBytes(clampWords(a, 0xFF80_FF80_FF80_FF80L, 0x007F_007F_007F_007FL))
                | lowBytes(clampWords(b, 0xFF80_FF80_FF80_FF80L, 0x007F_007F_007F_007FL)) << 32;
    }

    static long packuswb(long a, long b) {
        return lowBytes(clampWords(a, 0, LOW_BYTES)) | lowBytes(clampWords(b, 0, LOW_BYTES)) << 32;
    }

    static long packssdw(long a, long b) {
        return signedWord((int) a)
                | signedWord((int) (a >> 32)) << 16
                | signedWord((int) b) << 32
                | signedWord((int) (b >> 32)) << 48;
    }

    static long packusdw(long a, long b) {
        return unsignedWord((int) a)
                | unsignedWord((int) (a >> 32)) << 16
                | unsignedWord((int) b) << 32
                | unsignedWord((int) (b >> 32)) << 48;
    }

    private static long clampWords(long words, long least, long greatest) {
        return PackedCompare.pminsw(PackedCompare.pmaxsw(words, least), greatest);
    }

    private static long lowBytes(long words) {
        long bytes = words & LOW_BYTES;
        bytes = (bytes | bytes >>> 8) & LOW_WORDS;
        return (bytes | bytes >>> 16) & 0xFFFF_FFFFL;
    }

    private static long signedWord(int dword) {
        return Math.max(Short.MIN_VALUE, Math.min(dword, Short.MAX_VALUE)) & 0xFFFF;
    }

    private static long unsignedWord(int dword) {
        return Math.max(0, Math.min(dword, 0xFFFF));
    }

    static long pshufw(long words, int imm) {
        return words >>> 16 * (imm & 3) & 0xFFFF
                | (words >>> 16 * (imm >> 2 & 3) & 0xFFFF) << 16
                | (words >>> 16 * (imm >> 4 & 3) & 0xFFFF) << 32
                | words >>> 16 * (imm >> 6 & 3) << 48;
    }

    /** Eight bytes of the table at an address, chosen by the control bytes; a negative control byte chooses zero. */
    static long pshufb(long table, long control, int indexMask) {
        long bytes = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            bytes |= (long) get8(table + (control >>> shift & indexMask)) << shift;
        }
        return bytes & ~Swar.fill(control & Swar.BYTES, 8);
    }

    /** The sign bits of the eight bytes, gathered by a product whose partial terms never meet. */
    static long pmovmskb(long bytes) {
        return (bytes >>> 7 & 0x0101_0101_0101_0101L) * 0x0102_0408_1020_4080L >>> 56;
    }

    static long movmskps(long dwords) {
        return dwords >>> 31 & 1 | dwords >>> 63 << 1;
    }
}
