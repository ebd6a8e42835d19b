package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Packed integer comparison, minimum and maximum in XMM registers.
 *
 * @sdm 2B PCMPEQB/PCMPEQW/PCMPEQD, PCMPGTQ, PMINSB/PMINSW, PMAXUD/PMAXUQ
 */
public final class XmmCompare {

    private XmmCompare() {}

    public static void pcmpeqb(long dst, long src) {
        put64(dst, PackedCompare.pcmpeqb(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pcmpeqb(get64(dst + 8), get64(src + 8)));
    }

    public static void pcmpeqw(long dst, long src) {
        put64(dst, PackedCompare.pcmpeqw(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pcmpeqw(get64(dst + 8), get64(src + 8)));
    }

    public static void pcmpeqd(long dst, long src) {
        put64(dst, PackedCompare.pcmpeqd(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pcmpeqd(get64(dst + 8), get64(src + 8)));
    }

    public static void pcmpeqq(long dst, long src) {
        put64(dst, PackedCompare.pcmpeqq(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pcmpeqq(get64(dst + 8), get64(src + 8)));
    }

    public static void pcmpgtb(long dst, long src) {
        put64(dst, PackedCompare.pcmpgtb(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pcmpgtb(get64(dst + 8), get64(src + 8)));
    }

    public static void pcmpgtw(long dst, long src) {
        put64(dst, PackedCompare.pcmpgtw(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pcmpgtw(get64(dst + 8), get64(src + 8)));
    }

    public static void pcmpgtd(long dst, long src) {
        put64(dst, PackedCompare.pcmpgtd(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pcmpgtd(get64(dst + 8), get64(src + 8)));
    }

    public static void pcmpgtq(long dst, long src) {
        put64(dst, PackedCompare.pcmpgtq(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pcmpgtq(get64(dst + 8), get64(src + 8)));
    }

    public static void pminub(long dst, long src) {
        put64(dst, PackedCompare.pminub(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pminub(get64(dst + 8), get64(src + 8)));
    }

    public static void pminuw(long dst, long src) {
        put64(dst, PackedCompare.pminuw(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pminuw(get64(dst + 8), get64(src + 8)));
    }

    public static void pminud(long dst, long src) {
        put64(dst, PackedCompare.pminud(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pminud(get64(dst + 8), get64(src + 8)));
    }

    public static void pminsb(long dst, long src) {
        put64(dst, PackedCompare.pminsb(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pminsb(get64(dst + 8), get64(src + 8)));
    }

    public static void pminsw(long dst, long src) {
        put64(dst, PackedCompare.pminsw(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pminsw(get64(dst + 8), get64(src + 8)));
    }

    public static void pminsd(long dst, long src) {
        put64(dst, PackedCompare.pminsd(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pminsd(get64(dst + 8), get64(src + 8)));
    }

    public static void pmaxub(long dst, long src) {
        put64(dst, PackedCompare.pmaxub(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pmaxub(get64(dst + 8), get64(src + 8)));
    }

    public static void pmaxuw(long dst, long src) {
        put64(dst, PackedCompare.pmaxuw(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pmaxuw(get64(dst + 8), get64(src + 8)));
    }

    public static void pmaxud(long dst, long src) {
        put64(dst, PackedCompare.pmaxud(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pmaxud(get64(dst + 8), get64(src + 8)));
    }

    public static void pmaxsb(long dst, long src) {
        put64(dst, PackedCompare.pmaxsb(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pmaxsb(get64(dst + 8), get64(src + 8)));
    }

    public static void pmaxsw(long dst, long src) {
        put64(dst, PackedCompare.pmaxsw(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pmaxsw(get64(dst + 8), get64(src + 8)));
    }

    public static void pmaxsd(long dst, long src) {
        put64(dst, PackedCompare.pmaxsd(get64(dst), get64(src)));
        put64(dst + 8, PackedCompare.pmaxsd(get64(dst + 8), get64(src + 8)));
    }
}
