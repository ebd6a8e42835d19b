package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Permutations across all thirty-two bytes of a YMM register.
 *
 * @sdm 2C VPERM2F128, VPERM2I128, VPERMD, VPERMPS, VPERMQ, VPERMPD, VINSERTF128, VINSERTI128
 */
public final class YmmPermute {
    private static final int HALF = 16;

    private YmmPermute() {}

    /** For each half a field of the immediate: which half of which source, or zero. */
    public static void vperm2f128(long dst, long src, int imm) {
        long from0 = half(dst, src, imm);
        long from1 = half(dst, src, imm >> 4);
        put(dst, word(from0, 0), word(from0, 8), word(from1, 0), word(from1, 8));
    }

    public static void vperm2i128(long dst, long src, int imm) {
        vperm2f128(dst, src, imm);
    }

    /** The address of the half that a field chooses; 0 for none. */
    private static long half(long dst, long src, int field) {
        if ((field & 8) != 0) {
            return 0;
        }
        return ((field & 2) == 0 ? dst : src) + HALF * (field & 1);
    }

    private static long word(long half, int offset) {
        return half == 0 ? 0 : get64(half + offset);
    }

    /** {@code src} has sixteen bytes. */
    public static void vinsertf128(long dst, long src, int imm) {
        XmmMove.movaps(dst + HALF * (imm & 1), src);
    }

    public static void vinserti128(long dst, long src, int imm) {
        vinsertf128(dst, src, imm);
    }

    /** The first source, here the destination, has the indices. */
    public static void vpermd(long dst, long src) {
        put(dst, chosen(dst, src), chosen(dst + 8, src), chosen(dst + 16, src), chosen(dst + 24, src));
    }

    public static void vpermps(long dst, long src) {
        vpermd(dst, src);
    }

    private static long chosen(long indices, long src) {
        int low = get32(src + 4 * (get32(indices) & 7));
        int high = get32(src + 4 * (get32(indices + 4) & 7));
        return (long) high << 32 | low & 0xFFFF_FFFFL;
    }

    public static void vpermq(long dst, long src, int imm) {
        put(dst, get64(src + 8 * (imm & 3)), get64(src + 8 * (imm >> 2 & 3)), get64(src + 8 * (imm >> 4 & 3)),
                get64(src + 8 * (imm >> 6 & 3)));
    }

    public static void vpermpd(long dst, long src, int imm) {
        vpermq(dst, src, imm);
    }

    private static void put(long dst, long w0, long w1, long w2, long w3) {
        put64(dst, w0);
        put64(dst + 8, w1);
        put64(dst + 16, w2);
        put64(dst + 24, w3);
    }
}
