package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Narrowing with saturation, and interleaving, in XMM registers.
 *
 * @sdm 2B PACKSSWB/PACKSSDW, PACKUSWB, PACKUSDW, PUNPCKHBW..PUNPCKHQDQ, PUNPCKLBW..PUNPCKLQDQ, UNPCKLPS, UNPCKHPS
 */
public final class XmmPack {

    private XmmPack() {}

    public static void packsswb(long dst, long src) {
        long low = PackedOrder.packsswb(get64(dst), get64(dst + 8));
        long high = PackedOrder.packsswb(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void packssdw(long dst, long src) {
        long low = PackedOrder.packssdw(get64(dst), get64(dst + 8));
        long high = PackedOrder.packssdw(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void packuswb(long dst, long src) {
        long low = PackedOrder.packuswb(get64(dst), get64(dst + 8));
        long high = PackedOrder.packuswb(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void packusdw(long dst, long src) {
        long low = PackedOrder.packusdw(get64(dst), get64(dst + 8));
        long high = PackedOrder.packusdw(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void punpcklbw(long dst, long src) {
        long a = get64(dst);
        long b = get64(src);
        put64(dst, PackedOrder.punpcklbw(a, b));
        put64(dst + 8, PackedOrder.punpckhbw(a, b));
    }

    public static void punpckhbw(long dst, long src) {
        long a = get64(dst + 8);
        long b = get64(src + 8);
        put64(dst, PackedOrder.punpcklbw(a, b));
        put64(dst + 8, PackedOrder.punpckhbw(a, b));
    }

    public static void punpcklwd(long dst, long src) {
        long a = get64(dst);
        long b = get64(src);
        put64(dst, PackedOrder.punpcklwd(a, b));
        put64(dst + 8, PackedOrder.punpckhwd(a, b));
    }

    public static void punpckhwd(long dst, long src) {
        long a = get64(dst + 8);
        long b = get64(src + 8);
        put64(dst, PackedOrder.punpcklwd(a, b));
        put64(dst + 8, PackedOrder.punpckhwd(a, b));
    }

    public static void punpckldq(long dst, long src) {
        long a = get64(dst);
        long b = get64(src);
        put64(dst, PackedOrder.punpckldq(a, b));
        put64(dst + 8, PackedOrder.punpckhdq(a, b));
    }

    public static void punpckhdq(long dst, long src) {
        long a = get64(dst + 8);
        long b = get64(src + 8);
        put64(dst, PackedOrder.punpckldq(a, b));
        put64(dst + 8, PackedOrder.punpckhdq(a, b));
    }

    public static void punpcklqdq(long dst, long src) {
        put64(dst + 8, get64(src));
    }

    public static void punpckhqdq(long dst, long src) {
        long high = get64(src + 8);
        put64(dst, get64(dst + 8));
        put64(dst + 8, high);
    }

    public static void unpcklps(long dst, long src) {
        punpckldq(dst, src);
    }

    public static void unpckhps(long dst, long src) {
        punpckhdq(dst, src);
    }

    public static void unpcklpd(long dst, long src) {
        punpcklqdq(dst, src);
    }

    public static void unpckhpd(long dst, long src) {
        punpckhqdq(dst, src);
    }
}
