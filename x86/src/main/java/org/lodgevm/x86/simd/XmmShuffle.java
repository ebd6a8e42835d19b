package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;
import static org.lodgevm.machine.HostMemory.put8;

/**
 * Permutation of the elements of XMM registers, insertion and extraction. Selectors beyond those that an instruction defines are
 * ignored in immediates.
 *
 * @sdm 2B PSHUFB, PSHUFD, PSHUFHW, PSHUFLW, SHUFPS, SHUFPD, PALIGNR, PINSRB/PINSRD/PINSRQ, PEXTRB/PEXTRD/PEXTRQ
 * @sdm 2A INSERTPS, EXTRACTPS
 */
public final class XmmShuffle {

    private XmmShuffle() {}

    public static void pshufb(long dst, long src) {
        long control = get64(src + 8);
        long low = PackedOrder.pshufb(dst, get64(src), 15);
        long high = PackedOrder.pshufb(dst, control, 15);
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void pshufd(long dst, long src, int imm) {
        shuffleDwords(dst, src, src, imm);
    }

    public static void shufps(long dst, long src, int imm) {
        shuffleDwords(dst, dst, src, imm);
    }

    private static void shuffleDwords(long dst, long lower, long upper, int imm) {
        long low = dwords(get32(lower + 4 * (imm & 3)), get32(lower + 4 * (imm >> 2 & 3)));
        long high = dwords(get32(upper + 4 * (imm >> 4 & 3)), get32(upper + 4 * (imm >> 6 & 3)));
        put64(dst, low);
        put64(dst + 8, high);
    }

    private static long dwords(int low, int high) {
        return (long) high << 32 | low & 0xFFFF_FFFFL;
    }

    public static void shufpd(long dst, long src, int imm) {
        long low = get64(dst + 8 * (imm & 1));
        long high = get64(src + 8 * (imm >> 1 & 1));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void pshuflw(long dst, long src, int imm) {
        put64(dst, PackedOrder.pshufw(get64(src), imm));
        put64(dst + 8, get64(src + 8));
    }

    public static void pshufhw(long dst, long src, int imm) {
        put64(dst, get64(src));
        put64(dst + 8, PackedOrder.pshufw(get64(src + 8), imm));
    }

    /** Sixteen bytes at an offset into the thirty-two bytes {@code dst:src}. */
    public static void palignr(long dst, long src, int imm) {
        int bytes = imm & 0xFF;
        long srcHigh = get64(src + 8);
        long dstLow = get64(dst);
        long dstHigh = get64(dst + 8);
        long low;
        long high;
        if (bytes < 8) {
            low = PackedShift.align(get64(src), srcHigh, bytes);
            high = PackedShift.align(srcHigh, dstLow, bytes);
        } else if (bytes < 16) {
            low = PackedShift.align(srcHigh, dstLow, bytes - 8);
            high = PackedShift.align(dstLow, dstHigh, bytes - 8);
        } else if (bytes < 24) {
            low = PackedShift.align(dstLow, dstHigh, bytes - 16);
            high = dstHigh >>> 8 * bytes;
        } else {
            low = PackedShift.psrlq(dstHigh, 8 * (bytes - 24));
            high = 0;
        }
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void pinsrb(long dst, long value, int imm) {
        put8(dst + (imm & 15), (int) value);
    }

    public static void pinsrw(long dst, long value, int imm) {
        put16(dst + 2 * (imm & 7), (int) value);
    }

    public static void pinsrd(long dst, long value, int imm) {
        put32(dst + 4 * (imm & 3), (int) value);
    }

    public static void pinsrq(long dst, long value, int imm) {
        put64(dst + 8 * (imm & 1), value);
    }

    public static long pextrb(long src, int imm) {
        return get8(src + (imm & 15));
    }

    public static long pextrw(long src, int imm) {
        return get16(src + 2 * (imm & 7));
    }

    public static long pextrd(long src, int imm) {
        return get32(src + 4 * (imm & 3)) & 0xFFFF_FFFFL;
    }

    public static long pextrq(long src, int imm) {
        return get64(src + 8 * (imm & 1));
    }

    public static long extractps(long src, int imm) {
        return pextrd(src, imm);
    }

    /**
     * Copies one doubleword, then clears those that the low four bits of the immediate name. The memory form always takes the first
     * doubleword: its caller clears bits 7:6 of the immediate.
     */
    public static void insertps(long dst, long src, int imm) {
        put32(dst + 4 * (imm >> 4 & 3), get32(src + 4 * (imm >> 6 & 3)));
        put64(dst, get64(dst) & ~XmmBlend.dwordMask(imm));
        put64(dst + 8, get64(dst + 8) & ~XmmBlend.dwordMask(imm >> 2));
    }
}
