package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Moves of whole and partial XMM registers, and sign masks.
 *
 * <p>MOVSS and MOVSD are the forms between registers, which keep the rest of the destination. Their loads from memory clear it: they
 * are {@link #movd} and {@link #movq}. MOVLPS, MOVHPS and their PD twins are the loads; the stores write the quadword at the
 * register's offset 0 or 8.
 *
 * @sdm 2B MOVAPS, MOVD/MOVQ, MOVHLPS, MOVSS, MOVDDUP, MOVMSKPS, PMOVMSKB, MASKMOVDQU
 */
public final class XmmMove {

    private XmmMove() {}

    public static void movaps(long dst, long src) {
        copy(dst, src);
    }

    public static void movapd(long dst, long src) {
        copy(dst, src);
    }

    public static void movups(long dst, long src) {
        copy(dst, src);
    }

    public static void movupd(long dst, long src) {
        copy(dst, src);
    }

    public static void movdqa(long dst, long src) {
        copy(dst, src);
    }

    public static void movdqu(long dst, long src) {
        copy(dst, src);
    }

    public static void lddqu(long dst, long src) {
        copy(dst, src);
    }

    public static void movntdqa(long dst, long src) {
        copy(dst, src);
    }

    public static void movntdq(long dst, long src) {
        copy(dst, src);
    }

    public static void movntps(long dst, long src) {
        copy(dst, src);
    }

    public static void movntpd(long dst, long src) {
        copy(dst, src);
    }

    private static void copy(long dst, long src) {
        put64(dst, get64(src));
        put64(dst + 8, get64(src + 8));
    }

    /** Zero-extends a doubleword to the whole register. */
    public static void movd(long dst, long src) {
        put64(dst, get32(src) & 0xFFFF_FFFFL);
        put64(dst + 8, 0);
    }

    /** Zero-extends a quadword to the whole register. */
    public static void movq(long dst, long src) {
        put64(dst, get64(src));
        put64(dst + 8, 0);
    }

    /** From an MMX register to an XMM register. */
    public static void movq2dq(long dst, long src) {
        movq(dst, src);
    }

    public static void movss(long dst, long src) {
        put32(dst, get32(src));
    }

    public static void movsd(long dst, long src) {
        put64(dst, get64(src));
    }

    public static void movlps(long dst, long src) {
        put64(dst, get64(src));
    }

    public static void movlpd(long dst, long src) {
        put64(dst, get64(src));
    }

    public static void movhps(long dst, long src) {
        put64(dst + 8, get64(src));
    }

    public static void movhpd(long dst, long src) {
        put64(dst + 8, get64(src));
    }

    public static void movlhps(long dst, long src) {
        put64(dst + 8, get64(src));
    }

    public static void movhlps(long dst, long src) {
        put64(dst, get64(src + 8));
    }

    public static void movddup(long dst, long src) {
        long low = get64(src);
        put64(dst, low);
        put64(dst + 8, low);
    }

    public static void movsldup(long dst, long src) {
        put64(dst, twice(get32(src)));
        put64(dst + 8, twice(get32(src + 8)));
    }

    public static void movshdup(long dst, long src) {
        put64(dst, twice(get32(src + 4)));
        put64(dst + 8, twice(get32(src + 12)));
    }

    private static long twice(int dword) {
        return (dword & 0xFFFF_FFFFL) * 0x1_0000_0001L;
    }

    public static long movmskps(long src) {
        return PackedOrder.movmskps(get64(src)) | PackedOrder.movmskps(get64(src + 8)) << 2;
    }

    public static long movmskpd(long src) {
        return get64(src) >>> 63 | get64(src + 8) >>> 63 << 1;
    }

    public static long pmovmskb(long src) {
        return PackedOrder.pmovmskb(get64(src)) | PackedOrder.pmovmskb(get64(src + 8)) << 8;
    }

    /** The bytes that MASKMOVDQU stores: bit i is set if byte i of the mask register selects byte i of the data. */
    public static int maskmovdqu(long mask) {
        return (int) pmovmskb(mask);
    }
}
