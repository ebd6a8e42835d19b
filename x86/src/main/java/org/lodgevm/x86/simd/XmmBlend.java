package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Choice between the elements of two XMM registers, by an immediate or by the signs of the elements of XMM0.
 *
 * @sdm 2A BLENDPS, BLENDPD, BLENDVPS, BLENDVPD
 * @sdm 2B PBLENDW, PBLENDVB
 */
public final class XmmBlend {

    private XmmBlend() {}

    public static void blendps(long dst, long src, int imm) {
        blend(dst, src, dwordMask(imm), dwordMask(imm >> 2));
    }

    public static void blendpd(long dst, long src, int imm) {
        blend(dst, src, -(imm & 1L), -(imm >> 1 & 1L));
    }

    public static void pblendw(long dst, long src, int imm) {
        blend(dst, src, wordMask(imm), wordMask(imm >> 4));
    }

    public static void pblendvb(long dst, long src, long xmm0) {
        blend(dst, src, Swar.fill(get64(xmm0) & Swar.BYTES, 8), Swar.fill(get64(xmm0 + 8) & Swar.BYTES, 8));
    }

    public static void blendvps(long dst, long src, long xmm0) {
        blend(dst, src, Swar.fill(get64(xmm0) & Swar.DWORDS, 32), Swar.fill(get64(xmm0 + 8) & Swar.DWORDS, 32));
    }

    public static void blendvpd(long dst, long src, long xmm0) {
        blend(dst, src, get64(xmm0) >> 63, get64(xmm0 + 8) >> 63);
    }

    private static void blend(long dst, long src, long lowMask, long highMask) {
        put64(dst, Swar.select(lowMask, get64(src), get64(dst)));
        put64(dst + 8, Swar.select(highMask, get64(src + 8), get64(dst + 8)));
    }

    /** Two doublewords, each all ones if its bit among the low two is set. */
    static long dwordMask(int bits) {
        return -(bits & 1) & 0xFFFF_FFFFL | (long) -(bits >> 1 & 1) << 32;
    }

    /** Four words, each all ones if its bit among the low four is set: the product puts bit i at bit 16i. */
    static long wordMask(int bits) {
        return ((bits & 15) * 0x0000_2000_4000_8001L & 0x0001_0001_0001_0001L) * 0xFFFF;
    }
}
