package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Packed integer addition, subtraction, average, sign and absolute value in XMM registers.
 *
 * @sdm 2B PADDB/PADDW/PADDD/PADDQ and the entries beside it
 */
public final class XmmArithmetic {

    private XmmArithmetic() {}

    public static void paddb(long dst, long src) {
        put64(dst, PackedArithmetic.paddb(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.paddb(get64(dst + 8), get64(src + 8)));
    }

    public static void paddw(long dst, long src) {
        put64(dst, PackedArithmetic.paddw(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.paddw(get64(dst + 8), get64(src + 8)));
    }

    public static void paddd(long dst, long src) {
        put64(dst, PackedArithmetic.paddd(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.paddd(get64(dst + 8), get64(src + 8)));
    }

    public static void paddq(long dst, long src) {
        put64(dst, PackedArithmetic.paddq(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.paddq(get64(dst + 8), get64(src + 8)));
    }

    public static void psubb(long dst, long src) {
        put64(dst, PackedArithmetic.psubb(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psubb(get64(dst + 8), get64(src + 8)));
    }

    public static void psubw(long dst, long src) {
        put64(dst, PackedArithmetic.psubw(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psubw(get64(dst + 8), get64(src + 8)));
    }

    public static void psubd(long dst, long src) {
        put64(dst, PackedArithmetic.psubd(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psubd(get64(dst + 8), get64(src + 8)));
    }

    public static void psubq(long dst, long src) {
        put64(dst, PackedArithmetic.psubq(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psubq(get64(dst + 8), get64(src + 8)));
    }

    public static void paddsb(long dst, long src) {
        put64(dst, PackedArithmetic.paddsb(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.paddsb(get64(dst + 8), get64(src + 8)));
    }

    public static void paddsw(long dst, long src) {
        put64(dst, PackedArithmetic.paddsw(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.paddsw(get64(dst + 8), get64(src + 8)));
    }

    public static void paddusb(long dst, long src) {
        put64(dst, PackedArithmetic.paddusb(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.paddusb(get64(dst + 8), get64(src + 8)));
    }

    public static void paddusw(long dst, long src) {
        put64(dst, PackedArithmetic.paddusw(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.paddusw(get64(dst + 8), get64(src + 8)));
    }

    public static void psubsb(long dst, long src) {
        put64(dst, PackedArithmetic.psubsb(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psubsb(get64(dst + 8), get64(src + 8)));
    }

    public static void psubsw(long dst, long src) {
        put64(dst, PackedArithmetic.psubsw(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psubsw(get64(dst + 8), get64(src + 8)));
    }

    public static void psubusb(long dst, long src) {
        put64(dst, PackedArithmetic.psubusb(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psubusb(get64(dst + 8), get64(src + 8)));
    }

    public static void psubusw(long dst, long src) {
        put64(dst, PackedArithmetic.psubusw(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psubusw(get64(dst + 8), get64(src + 8)));
    }

    public static void pavgb(long dst, long src) {
        put64(dst, PackedArithmetic.pavgb(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.pavgb(get64(dst + 8), get64(src + 8)));
    }

    public static void pavgw(long dst, long src) {
        put64(dst, PackedArithmetic.pavgw(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.pavgw(get64(dst + 8), get64(src + 8)));
    }

    public static void psignb(long dst, long src) {
        put64(dst, PackedArithmetic.psignb(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psignb(get64(dst + 8), get64(src + 8)));
    }

    public static void psignw(long dst, long src) {
        put64(dst, PackedArithmetic.psignw(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psignw(get64(dst + 8), get64(src + 8)));
    }

    public static void psignd(long dst, long src) {
        put64(dst, PackedArithmetic.psignd(get64(dst), get64(src)));
        put64(dst + 8, PackedArithmetic.psignd(get64(dst + 8), get64(src + 8)));
    }

    public static void pabsb(long dst, long src) {
        put64(dst, PackedArithmetic.pabsb(get64(src)));
        put64(dst + 8, PackedArithmetic.pabsb(get64(src + 8)));
    }

    public static void pabsw(long dst, long src) {
        put64(dst, PackedArithmetic.pabsw(get64(src)));
        put64(dst + 8, PackedArithmetic.pabsw(get64(src + 8)));
    }

    public static void pabsd(long dst, long src) {
        put64(dst, PackedArithmetic.pabsd(get64(src)));
        put64(dst + 8, PackedArithmetic.pabsd(get64(src + 8)));
    }

    public static void phaddw(long dst, long src) {
        long low = PackedArithmetic.phaddw(get64(dst), get64(dst + 8));
        long high = PackedArithmetic.phaddw(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void phaddd(long dst, long src) {
        long low = PackedArithmetic.phaddd(get64(dst), get64(dst + 8));
        long high = PackedArithmetic.phaddd(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void phaddsw(long dst, long src) {
        long low = PackedArithmetic.phaddsw(get64(dst), get64(dst + 8));
        long high = PackedArithmetic.phaddsw(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void phsubw(long dst, long src) {
        long low = PackedArithmetic.phsubw(get64(dst), get64(dst + 8));
        long high = PackedArithmetic.phsubw(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void phsubd(long dst, long src) {
        long low = PackedArithmetic.phsubd(get64(dst), get64(dst + 8));
        long high = PackedArithmetic.phsubd(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }

    public static void phsubsw(long dst, long src) {
        long low = PackedArithmetic.phsubsw(get64(dst), get64(dst + 8));
        long high = PackedArithmetic.phsubsw(get64(src), get64(src + 8));
        put64(dst, low);
        put64(dst + 8, high);
    }
}
