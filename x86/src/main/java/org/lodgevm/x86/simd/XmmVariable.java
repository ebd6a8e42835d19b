package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import org.lodgevm.x86.state.Rflags;

/**
 * What AVX and AVX2 do with elements within each sixteen bytes: permutations and shifts, each element by a number of its own, and tests
 * of signs. These have no legacy encoding.
 *
 * @sdm 2C VPERMILPS, VPERMILPD, VPSLLVD/VPSLLVQ, VPSRLVD/VPSRLVQ, VPSRAVD, VPBLENDD, VTESTPD/VTESTPS
 */
public final class XmmVariable {

    private XmmVariable() {}

    /** Bits 1:0 of each control choose. */
    public static void vpermilps(long dst, long src) {
        long low = dwords(get32(dst + 4 * (get32(src) & 3)), get32(dst + 4 * (get32(src + 4) & 3)));
        long high = dwords(get32(dst + 4 * (get32(src + 8) & 3)), get32(dst + 4 * (get32(src + 12) & 3)));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void vpermilps(long dst, long src, int imm) {
        XmmShuffle.pshufd(dst, src, imm);
    }

    /** Bit 1 of each control chooses. */
    public static void vpermilpd(long dst, long src) {
        long low = get64(dst + 8 * (get64(src) >> 1 & 1));
        long high = get64(dst + 8 * (get64(src + 8) >> 1 & 1));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void vpermilpd(long dst, long src, int imm) {
        long low = get64(src + 8 * (imm & 1));
        long high = get64(src + 8 * (imm >> 1 & 1));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void vpblendd(long dst, long src, int imm) {
        XmmBlend.blendps(dst, src, imm);
    }

    public static void vpsllvd(long dst, long src) {
        for (int i = 0; i < 16; i += 4) {
            put32(dst + i, (int) PackedShift.psllq(get32(dst + i), get32(src + i) & 0xFFFF_FFFFL));
        }
    }

    public static void vpsllvq(long dst, long src) {
        put64(dst, PackedShift.psllq(get64(dst), get64(src)));
        put64(dst + 8, PackedShift.psllq(get64(dst + 8), get64(src + 8)));
    }

    public static void vpsrlvd(long dst, long src) {
        for (int i = 0; i < 16; i += 4) {
            put32(dst + i, (int) PackedShift.psrlq(get32(dst + i) & 0xFFFF_FFFFL, get32(src + i) & 0xFFFF_FFFFL));
        }
    }

    public static void vpsrlvq(long dst, long src) {
        put64(dst, PackedShift.psrlq(get64(dst), get64(src)));
        put64(dst + 8, PackedShift.psrlq(get64(dst + 8), get64(src + 8)));
    }

    public static void vpsravd(long dst, long src) {
        for (int i = 0; i < 16; i += 4) {
            int count = get32(src + i);
            put32(dst + i, get32(dst + i) >> ((count & ~31) != 0 ? 31 : count));
        }
    }

    /** Flags as those of PTEST, of the signs alone. */
    public static int vtestps(long dst, long src) {
        return test(dst, src, Swar.DWORDS);
    }

    public static int vtestpd(long dst, long src) {
        return test(dst, src, Long.MIN_VALUE);
    }

    private static int test(long dst, long src, long signs) {
        long and = get64(dst) & get64(src) | get64(dst + 8) & get64(src + 8);
        long andNot = ~get64(dst) & get64(src) | ~get64(dst + 8) & get64(src + 8);
        return ((and & signs) == 0 ? Rflags.ZF : 0) | ((andNot & signs) == 0 ? Rflags.CF : 0);
    }

    private static long dwords(int low, int high) {
        return (long) high << 32 | low & 0xFFFF_FFFFL;
    }
}
