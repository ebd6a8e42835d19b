package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * FMA: {@code dst = x * y + z}, rounded once. The digits in an instruction's name tell which of its operands are x, y and z; they
 * are host addresses of register slots, and {@code dst} may be one of them. @sdm 1:14.5
 */
public final class SseFused {
    private SseFused() {}

    public static void fmaddps(Sse c, long dst, long x, long y, long z) {
        singles(c, dst, x, y, z, false, false, false);
    }

    public static void fmaddpd(Sse c, long dst, long x, long y, long z) {
        doubles(c, dst, x, y, z, false, false, false);
    }

    public static void fmaddss(Sse c, long dst, long x, long y, long z) {
        one32(c, dst, x, y, z, false, false);
    }

    public static void fmaddsd(Sse c, long dst, long x, long y, long z) {
        one64(c, dst, x, y, z, false, false);
    }

    public static void fmsubps(Sse c, long dst, long x, long y, long z) {
        singles(c, dst, x, y, z, false, true, true);
    }

    public static void fmsubpd(Sse c, long dst, long x, long y, long z) {
        doubles(c, dst, x, y, z, false, true, true);
    }

    public static void fmsubss(Sse c, long dst, long x, long y, long z) {
        one32(c, dst, x, y, z, false, true);
    }

    public static void fmsubsd(Sse c, long dst, long x, long y, long z) {
        one64(c, dst, x, y, z, false, true);
    }

    public static void fnmaddps(Sse c, long dst, long x, long y, long z) {
        singles(c, dst, x, y, z, true, false, false);
    }

    public static void fnmaddpd(Sse c, long dst, long x, long y, long z) {
        doubles(c, dst, x, y, z, true, false, false);
    }

    public static void fnmaddss(Sse c, long dst, long x, long y, long z) {
        one32(c, dst, x, y, z, true, false);
    }

    public static void fnmaddsd(Sse c, long dst, long x, long y, long z) {
        one64(c, dst, x, y, z, true, false);
    }

    public static void fnmsubps(Sse c, long dst, long x, long y, long z) {
        singles(c, dst, x, y, z, true, true, true);
    }

    public static void fnmsubpd(Sse c, long dst, long x, long y, long z) {
        doubles(c, dst, x, y, z, true, true, true);
    }

    public static void fnmsubss(Sse c, long dst, long x, long y, long z) {
        one32(c, dst, x, y, z, true, true);
    }

    public static void fnmsubsd(Sse c, long dst, long x, long y, long z) {
        one64(c, dst, x, y, z, true, true);
    }

    public static void fmaddsubps(Sse c, long dst, long x, long y, long z) {
        singles(c, dst, x, y, z, false, true, false);
    }

    public static void fmaddsubpd(Sse c, long dst, long x, long y, long z) {
        doubles(c, dst, x, y, z, false, true, false);
    }

    public static void fmsubaddps(Sse c, long dst, long x, long y, long z) {
        singles(c, dst, x, y, z, false, false, true);
    }

    public static void fmsubaddpd(Sse c, long dst, long x, long y, long z) {
        doubles(c, dst, x, y, z, false, false, true);
    }

    /** Elements with even numbers and those with odd ones may differ in whether z is added or subtracted. */
    private static void singles(Sse c, long dst, long x, long y, long z, boolean negate, boolean even, boolean odd) {
        int r0 = Lanes.fused(c, get32(x), get32(y), get32(z), negate, even);
        int r1 = Lanes.fused(c, get32(x + 4), get32(y + 4), get32(z + 4), negate, odd);
        int r2 = Lanes.fused(c, get32(x + 8), get32(y + 8), get32(z + 8), negate, even);
        int r3 = Lanes.fused(c, get32(x + 12), get32(y + 12), get32(z + 12), negate, odd);
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    private static void doubles(Sse c, long dst, long x, long y, long z, boolean negate, boolean even, boolean odd) {
        long r0 = Lanes.fused(c, get64(x), get64(y), get64(z), negate, even);
        long r1 = Lanes.fused(c, get64(x + 8), get64(y + 8), get64(z + 8), negate, odd);
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    private static void one32(Sse c, long dst, long x, long y, long z, boolean negate, boolean subtract) {
        int r = Lanes.fused(c, get32(x), get32(y), get32(z), negate, subtract);
        c.settle();
        put32(dst, r);
    }

    private static void one64(Sse c, long dst, long x, long y, long z, boolean negate, boolean subtract) {
        long r = Lanes.fused(c, get64(x), get64(y), get64(z), negate, subtract);
        c.settle();
        put64(dst, r);
    }
}
