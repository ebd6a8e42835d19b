package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/** ROUNDPS and its like, with every rounding mode in the immediate. @sdm 2B:ROUNDPD */
public final class SseRound {
    /** The immediate: RC, then whether MXCSR's RC is taken instead, then whether PE is suppressed. */
    private static final int RC = 3;
    private static final int BY_MXCSR = 1 << 2;
    private static final int INEXACT_QUIETLY = 1 << 3;

    private SseRound() {}

    public static void roundps(Sse c, long dst, long src, int imm) {
        int r0 = round(c, get32(src), imm);
        int r1 = round(c, get32(src + 4), imm);
        int r2 = round(c, get32(src + 8), imm);
        int r3 = round(c, get32(src + 12), imm);
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void roundpd(Sse c, long dst, long src, int imm) {
        long r0 = round(c, get64(src), imm);
        long r1 = round(c, get64(src + 8), imm);
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void roundss(Sse c, long dst, long src, int imm) {
        int r = round(c, get32(src), imm);
        c.settle();
        put32(dst, r);
    }

    public static void roundsd(Sse c, long dst, long src, int imm) {
        long r = round(c, get64(src), imm);
        c.settle();
        put64(dst, r);
    }

    private static int round(Sse c, int a, int imm) {
        return (int) round(c.enter(), Format.BINARY32, a & 0xffff_ffffL, imm);
    }

    private static long round(Sse c, long a, int imm) {
        return round(c.enter(), Format.BINARY64, a, imm);
    }

    private static long round(Sse c, Format format, long bits, int imm) {
        int rounding = (imm & BY_MXCSR) != 0 ? c.rounding : imm & RC;
        return SoftConversion.roundToIntegral(c, format, bits, rounding, (imm & INEXACT_QUIETLY) == 0);
    }
}
