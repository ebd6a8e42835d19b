package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Packed integer arithmetic in MMX registers. Operands are the 64-bit significands of the x87 registers; what an MMX instruction
 * does to the x87 tag word and exponents is the caller's.
 *
 * @sdm 2B PADDB/PADDW/PADDD/PADDQ and the entries beside it
 */
public final class MmxArithmetic {

    private MmxArithmetic() {}

    public static void paddb(long dst, long src) {
        put64(dst, PackedArithmetic.paddb(get64(dst), get64(src)));
    }

    public static void paddw(long dst, long src) {
        put64(dst, PackedArithmetic.paddw(get64(dst), get64(src)));
    }

    public static void paddd(long dst, long src) {
        put64(dst, PackedArithmetic.paddd(get64(dst), get64(src)));
    }

    public static void paddq(long dst, long src) {
        put64(dst, PackedArithmetic.paddq(get64(dst), get64(src)));
    }

    public static void psubb(long dst, long src) {
        put64(dst, PackedArithmetic.psubb(get64(dst), get64(src)));
    }

    public static void psubw(long dst, long src) {
        put64(dst, PackedArithmetic.psubw(get64(dst), get64(src)));
    }

    public static void psubd(long dst, long src) {
        put64(dst, PackedArithmetic.psubd(get64(dst), get64(src)));
    }

    public static void psubq(long dst, long src) {
        put64(dst, PackedArithmetic.psubq(get64(dst), get64(src)));
    }

    public static void paddsb(long dst, long src) {
        put64(dst, PackedArithmetic.paddsb(get64(dst), get64(src)));
    }

    public static void paddsw(long dst, long src) {
        put64(dst, PackedArithmetic.paddsw(get64(dst), get64(src)));
    }

    public static void paddusb(long dst, long src) {
        put64(dst, PackedArithmetic.paddusb(get64(dst), get64(src)));
    }

    public static void paddusw(long dst, long src) {
        put64(dst, PackedArithmetic.paddusw(get64(dst), get64(src)));
    }

    public static void psubsb(long dst, long src) {
        put64(dst, PackedArithmetic.psubsb(get64(dst), get64(src)));
    }

    public static void psubsw(long dst, long src) {
        put64(dst, PackedArithmetic.psubsw(get64(dst), get64(src)));
    }

    public static void psubusb(long dst, long src) {
        put64(dst, PackedArithmetic.psubusb(get64(dst), get64(src)));
    }

    public static void psubusw(long dst, long src) {
        put64(dst, PackedArithmetic.psubusw(get64(dst), get64(src)));
    }

    public static void pavgb(long dst, long src) {
        put64(dst, PackedArithmetic.pavgb(get64(dst), get64(src)));
    }

    public static void pavgw(long dst, long src) {
        put64(dst, PackedArithmetic.pavgw(get64(dst), get64(src)));
    }

    public static void psignb(long dst, long src) {
        put64(dst, PackedArithmetic.psignb(get64(dst), get64(src)));
    }

    public static void psignw(long dst, long src) {
        put64(dst, PackedArithmetic.psignw(get64(dst), get64(src)));
    }

    public static void psignd(long dst, long src) {
        put64(dst, PackedArithmetic.psignd(get64(dst), get64(src)));
    }

    public static void phaddw(long dst, long src) {
        put64(dst, PackedArithmetic.phaddw(get64(dst), get64(src)));
    }

    public static void phaddd(long dst, long src) {
        put64(dst, PackedArithmetic.phaddd(get64(dst), get64(src)));
    }

    public static void phaddsw(long dst, long src) {
        put64(dst, PackedArithmetic.phaddsw(get64(dst), get64(src)));
    }

    public static void phsubw(long dst, long src) {
        put64(dst, PackedArithmetic.phsubw(get64(dst), get64(src)));
    }

    public static void phsubd(long dst, long src) {
        put64(dst, PackedArithmetic.phsubd(get64(dst), get64(src)));
    }

    public static void phsubsw(long dst, long src) {
        put64(dst, PackedArithmetic.phsubsw(get64(dst), get64(src)));
    }

    public static void pabsb(long dst, long src) {
        put64(dst, PackedArithmetic.pabsb(get64(src)));
    }

    public static void pabsw(long dst, long src) {
        put64(dst, PackedArithmetic.pabsw(get64(src)));
    }

    public static void pabsd(long dst, long src) {
        put64(dst, PackedArithmetic.pabsd(get64(src)));
    }

    public static void pmullw(long dst, long src) {
        put64(dst, PackedMultiply.pmullw(get64(dst), get64(src)));
    }

    public static void pmulhw(long dst, long src) {
        put64(dst, PackedMultiply.pmulhw(get64(dst), get64(src)));
    }

    public static void pmulhuw(long dst, long src) {
        put64(dst, PackedMultiply.pmulhuw(get64(dst), get64(src)));
    }

    public static void pmulhrsw(long dst, long src) {
        put64(dst, PackedMultiply.pmulhrsw(get64(dst), get64(src)));
    }

    public static void pmuludq(long dst, long src) {
        put64(dst, PackedMultiply.pmuludq(get64(dst), get64(src)));
    }

    public static void pmaddwd(long dst, long src) {
        put64(dst, PackedMultiply.pmaddwd(get64(dst), get64(src)));
    }

    public static void pmaddubsw(long dst, long src) {
        put64(dst, PackedMultiply.pmaddubsw(get64(dst), get64(src)));
    }

    public static void psadbw(long dst, long src) {
        put64(dst, PackedMultiply.psadbw(get64(dst), get64(src)));
    }
}
