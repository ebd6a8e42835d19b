package org.lodgevm.x86.simd;

import static org.lodgevm.x86.simd.Swar.DWORDS;
import static org.lodgevm.x86.simd.Swar.WORDS;

/** Shifts over 64 bits of packed integers. A count is unsigned and may exceed the lanes' width, which empties the lanes. */
final class PackedShift {

    private static final long EACH_WORD = Swar.ones(WORDS);
    private static final long EACH_DWORD = Swar.ones(DWORDS);

    private PackedShift() {}

    static long psllw(long a, long count) {
        return (count & ~15) != 0 ? 0 : a << count & (0xFFFFL << count & 0xFFFF) * EACH_WORD;
    }

    static long pslld(long a, long count) {
        return (count & ~31) != 0 ? 0 : a << count & (0xFFFF_FFFFL << count & 0xFFFF_FFFFL) * EACH_DWORD;
    }

    static long psllq(long a, long count) {
        return (count & ~63) != 0 ? 0 : a << count;
    }

    static long psrlw(long a, long count) {
        return (count & ~15) != 0 ? 0 : a >>> count & (0xFFFFL >>> count) * EACH_WORD;
    }

    static long psrld(long a, long count) {
        return (count & ~31) != 0 ? 0 : a >>> count & (0xFFFF_FFFFL >>> count) * EACH_DWORD;
    }

    static long psrlq(long a, long count) {
        return (count & ~63) != 0 ? 0 : a >>> count;
    }

    static long psraw(long a, long count) {
        long signs = Swar.fill(a & WORDS, 16);
        return (count & ~15) != 0 ? signs : Swar.select((0xFFFFL >>> count) * EACH_WORD, a >>> count, signs);
    }

    static long psrad(long a, long count) {
        long signs = Swar.fill(a & DWORDS, 32);
        return (count & ~31) != 0 ? signs : Swar.select((0xFFFF_FFFFL >>> count) * EACH_DWORD, a >>> count, signs);
    }

    /** The eight bytes at offset {@code bytes}, 0 to 7, of the sixteen bytes {@code high:low}. */
    static long align(long low, long high, int bytes) {
        return low >>> 8 * bytes | high << 1 << 63 - 8 * bytes;
    }
}
