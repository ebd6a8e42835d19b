package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Packed shifts in XMM registers. The count is an immediate byte, or the low quadword of the source as an unsigned number.
 *
 * @sdm 2B PSLLW/PSLLD/PSLLQ, PSRLW/PSRLD/PSRLQ, PSRAW/PSRAD/PSRAQ, PSLLDQ, PSRLDQ
 */
public final class XmmShift {

    private XmmShift() {}

    public static void psllw(long dst, long src) {
        leftWords(dst, get64(src));
    }

    public static void psllw(long dst, int imm) {
        leftWords(dst, imm & 0xFF);
    }

    private static void leftWords(long dst, long count) {
        put64(dst, PackedShift.psllw(get64(dst), count));
        put64(dst + 8, PackedShift.psllw(get64(dst + 8), count));
    }

    public static void pslld(long dst, long src) {
        leftDwords(dst, get64(src));
    }

    public static void pslld(long dst, int imm) {
        leftDwords(dst, imm & 0xFF);
    }

    private static void leftDwords(long dst, long count) {
        put64(dst, PackedShift.pslld(get64(dst), count));
        put64(dst + 8, PackedShift.pslld(get64(dst + 8), count));
    }

    public static void psllq(long dst, long src) {
        leftQwords(dst, get64(src));
    }

    public static void psllq(long dst, int imm) {
        leftQwords(dst, imm & 0xFF);
    }

    private static void leftQwords(long dst, long count) {
        put64(dst, PackedShift.psllq(get64(dst), count));
        put64(dst + 8, PackedShift.psllq(get64(dst + 8), count));
    }

    public static void psrlw(long dst, long src) {
        rightWords(dst, get64(src));
    }

    public static void psrlw(long dst, int imm) {
        rightWords(dst, imm & 0xFF);
    }

    private static void rightWords(long dst, long count) {
        put64(dst, PackedShift.psrlw(get64(dst), count));
        put64(dst + 8, PackedShift.psrlw(get64(dst + 8), count));
    }

    public static void psrld(long dst, long src) {
        rightDwords(dst, get64(src));
    }

    public static void psrld(long dst, int imm) {
        rightDwords(dst, imm & 0xFF);
    }

    private static void rightDwords(long dst, long count) {
        put64(dst, PackedShift.psrld(get64(dst), count));
        put64(dst + 8, PackedShift.psrld(get64(dst + 8), count));
    }

    public static void psrlq(long dst, long src) {
        rightQwords(dst, get64(src));
    }

    public static void psrlq(long dst, int imm) {
        rightQwords(dst, imm & 0xFF);
    }

    private static void rightQwords(long dst, long count) {
        put64(dst, PackedShift.psrlq(get64(dst), count));
        put64(dst + 8, PackedShift.psrlq(get64(dst + 8), count));
    }

    public static void psraw(long dst, long src) {
        arithmeticWords(dst, get64(src));
    }

    public static void psraw(long dst, int imm) {
        arithmeticWords(dst, imm & 0xFF);
    }

    private static void arithmeticWords(long dst, long count) {
        put64(dst, PackedShift.psraw(get64(dst), count));
        put64(dst + 8, PackedShift.psraw(get64(dst + 8), count));
    }

    public static void psrad(long dst, long src) {
        arithmeticDwords(dst, get64(src));
    }

    public static void psrad(long dst, int imm) {
        arithmeticDwords(dst, imm & 0xFF);
    }

    private static void arithmeticDwords(long dst, long count) {
        put64(dst, PackedShift.psrad(get64(dst), count));
        put64(dst + 8, PackedShift.psrad(get64(dst + 8), count));
    }

    public static void pslldq(long dst, int imm) {
        int bytes = imm & 0xFF;
        long low = get64(dst);
        long high = get64(dst + 8);
        put64(dst, PackedShift.psllq(low, bytes * 8L));
        put64(dst + 8, bytes < 8 ? high << 8 * bytes | low >>> 1 >>> 63 - 8 * bytes : PackedShift.psllq(low, bytes * 8L - 64));
    }

    public static void psrldq(long dst, int imm) {
        int bytes = imm & 0xFF;
        long low = get64(dst);
        long high = get64(dst + 8);
        put64(dst, bytes < 8 ? PackedShift.align(low, high, bytes) : PackedShift.psrlq(high, bytes * 8L - 64));
        put64(dst + 8, PackedShift.psrlq(high, bytes * 8L));
    }
}
