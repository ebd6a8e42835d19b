package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Bitwise logic, comparison, minimum, maximum and shifts in MMX registers.
 *
 * @sdm 2B PAND, PCMPEQB/PCMPEQW/PCMPEQD, PMINUB/PMINUW, PSLLW/PSLLD/PSLLQ and the entries beside them
 */
public final class MmxLogic {

    private MmxLogic() {}

    public static void pand(long dst, long src) {
        put64(dst, get64(dst) & get64(src));
    }

    public static void pandn(long dst, long src) {
        put64(dst, ~get64(dst) & get64(src));
    }

    public static void por(long dst, long src) {
        put64(dst, get64(dst) | get64(src));
    }

    public static void pxor(long dst, long src) {
        put64(dst, get64(dst) ^ get64(src));
    }

    public static void pcmpeqb(long dst, long src) {
        put64(dst, PackedCompare.pcmpeqb(get64(dst), get64(src)));
    }

    public static void pcmpeqw(long dst, long src) {
        put64(dst, PackedCompare.pcmpeqw(get64(dst), get64(src)));
    }

    public static void pcmpeqd(long dst, long src) {
        put64(dst, PackedCompare.pcmpeqd(get64(dst), get64(src)));
    }

    public static void pcmpgtb(long dst, long src) {
        put64(dst, PackedCompare.pcmpgtb(get64(dst), get64(src)));
    }

    public static void pcmpgtw(long dst, long src) {
        put64(dst, PackedCompare.pcmpgtw(get64(dst), get64(src)));
    }

    public static void pcmpgtd(long dst, long src) {
        put64(dst, PackedCompare.pcmpgtd(get64(dst), get64(src)));
    }

    public static void pminub(long dst, long src) {
        put64(dst, PackedCompare.pminub(get64(dst), get64(src)));
    }

    public static void pminsw(long dst, long src) {
        put64(dst, PackedCompare.pminsw(get64(dst), get64(src)));
    }

    public static void pmaxub(long dst, long src) {
        put64(dst, PackedCompare.pmaxub(get64(dst), get64(src)));
    }

    public static void pmaxsw(long dst, long src) {
        put64(dst, PackedCompare.pmaxsw(get64(dst), get64(src)));
    }

    public static void psllw(long dst, long src) {
        put64(dst, PackedShift.psllw(get64(dst), get64(src)));
    }

    public static void psllw(long dst, int imm) {
        put64(dst, PackedShift.psllw(get64(dst), imm & 0xFF));
    }

    public static void pslld(long dst, long src) {
        put64(dst, PackedShift.pslld(get64(dst), get64(src)));
    }

    public static void pslld(long dst, int imm) {
        put64(dst, PackedShift.pslld(get64(dst), imm & 0xFF));
    }

    public static void psllq(long dst, long src) {
        put64(dst, PackedShift.psllq(get64(dst), get64(src)));
    }

    public static void psllq(long dst, int imm) {
        put64(dst, PackedShift.psllq(get64(dst), imm & 0xFF));
    }

    public static void psrlw(long dst, long src) {
        put64(dst, PackedShift.psrlw(get64(dst), get64(src)));
    }

    public static void psrlw(long dst, int imm) {
        put64(dst, PackedShift.psrlw(get64(dst), imm & 0xFF));
    }

    public static void psrld(long dst, long src) {
        put64(dst, PackedShift.psrld(get64(dst), get64(src)));
    }

    public static void psrld(long dst, int imm) {
        put64(dst, PackedShift.psrld(get64(dst), imm & 0xFF));
    }

    public static void psrlq(long dst, long src) {
        put64(dst, PackedShift.psrlq(get64(dst), get64(src)));
    }

    public static void psrlq(long dst, int imm) {
        put64(dst, PackedShift.psrlq(get64(dst), imm & 0xFF));
    }

    public static void psraw(long dst, long src) {
        put64(dst, PackedShift.psraw(get64(dst), get64(src)));
    }

    public static void psraw(long dst, int imm) {
        put64(dst, PackedShift.psraw(get64(dst), imm & 0xFF));
    }

    public static void psrad(long dst, long src) {
        put64(dst, PackedShift.psrad(get64(dst), get64(src)));
    }

    public static void psrad(long dst, int imm) {
        put64(dst, PackedShift.psrad(get64(dst), imm & 0xFF));
    }
}
