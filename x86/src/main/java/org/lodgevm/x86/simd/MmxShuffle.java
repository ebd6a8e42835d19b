package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Moves, narrowing, interleaving and shuffles in MMX registers.
 *
 * @sdm 2B PACKSSWB/PACKSSDW, PUNPCKLBW, PSHUFW, PSHUFB, PALIGNR, PINSRW, PEXTRW, PMOVMSKB, MASKMOVQ, MOVQ2DQ, MOVDQ2Q
 */
public final class MmxShuffle {

    private MmxShuffle() {}

    public static void packsswb(long dst, long src) {
        put64(dst, PackedOrder.packsswb(get64(dst), get64(src)));
    }

    public static void packssdw(long dst, long src) {
        put64(dst, PackedOrder.packssdw(get64(dst), get64(src)));
    }

    public static void packuswb(long dst, long src) {
        put64(dst, PackedOrder.packuswb(get64(dst), get64(src)));
    }

    public static void punpcklbw(long dst, long src) {
        put64(dst, PackedOrder.punpcklbw(get64(dst), get64(src)));
    }

    public static void punpcklwd(long dst, long src) {
        put64(dst, PackedOrder.punpcklwd(get64(dst), get64(src)));
    }

    public static void punpckldq(long dst, long src) {
        put64(dst, PackedOrder.punpckldq(get64(dst), get64(src)));
    }

    public static void punpckhbw(long dst, long src) {
        put64(dst, PackedOrder.punpckhbw(get64(dst), get64(src)));
    }

    public static void punpckhwd(long dst, long src) {
        put64(dst, PackedOrder.punpckhwd(get64(dst), get64(src)));
    }

    public static void punpckhdq(long dst, long src) {
        put64(dst, PackedOrder.punpckhdq(get64(dst), get64(src)));
    }

    public static void pshufb(long dst, long src) {
        put64(dst, PackedOrder.pshufb(dst, get64(src), 7));
    }

    public static void pshufw(long dst, long src, int imm) {
        put64(dst, PackedOrder.pshufw(get64(src), imm));
    }

    public static void palignr(long dst, long src, int imm) {
        int bytes = imm & 0xFF;
        long high = get64(dst);
        put64(dst, bytes < 8 ? PackedShift.align(get64(src), high, bytes) : PackedShift.psrlq(high, bytes * 8L - 64));
    }

    public static void pinsrw(long dst, long value, int imm) {
        put16(dst + 2 * (imm & 3), (int) value);
    }

    public static long pextrw(long src, int imm) {
        return get16(src + 2 * (imm & 3));
    }

    public static long pmovmskb(long src) {
        return PackedOrder.pmovmskb(get64(src));
    }

    /** The bytes that MASKMOVQ stores: bit i is set if byte i of the mask register selects byte i of the data. */
    public static int maskmovq(long mask) {
        return (int) pmovmskb(mask);
    }

    public static void movd(long dst, long src) {
        put64(dst, get32(src) & 0xFFFF_FFFFL);
    }

    public static void movq(long dst, long src) {
        put64(dst, get64(src));
    }

    public static void movntq(long dst, long src) {
        movq(dst, src);
    }

    /** From an XMM register to an MMX register. */
    public static void movdq2q(long dst, long src) {
        movq(dst, src);
    }
}
