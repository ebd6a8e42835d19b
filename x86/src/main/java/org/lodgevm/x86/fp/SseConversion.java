package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Conversions between floating point and integers, and between the floating-point formats. @sdm 1:11.4.1.6 @sdm 1:11.6.9
 *
 * <p>{@code pi} forms read or write an eight-byte MMX slot. Conversions to a general register return its value: 32 bits zero
 * extended, or 64 where the name ends in {@code Q} (REX.W); those from one take its host address, likewise.
 */
public final class SseConversion {
    private static final long LOW = 0xffff_ffffL;

    private SseConversion() {}

    public static void cvtps2pd(Sse c, long dst, long src) {
        long r0 = Lanes.widen(c, get32(src));
        long r1 = Lanes.widen(c, get32(src + 4));
        finish(c, dst, r0, r1);
    }

    public static void cvtss2sd(Sse c, long dst, long src) {
        long r = Lanes.widen(c, get32(src));
        c.settle();
        put64(dst, r);
    }

    public static void cvtpd2ps(Sse c, long dst, long src) {
        int r0 = Lanes.narrow(c, get64(src));
        int r1 = Lanes.narrow(c, get64(src + 8));
        finish(c, dst, pair(r0, r1), 0);
    }

    public static void cvtsd2ss(Sse c, long dst, long src) {
        int r = Lanes.narrow(c, get64(src));
        c.settle();
        put32(dst, r);
    }

    public static void cvtdq2ps(Sse c, long dst, long src) {
        int r0 = Lanes.toFloat(c, get32(src));
        int r1 = Lanes.toFloat(c, get32(src + 4));
        int r2 = Lanes.toFloat(c, get32(src + 8));
        int r3 = Lanes.toFloat(c, get32(src + 12));
        finish(c, dst, pair(r0, r1), pair(r2, r3));
    }

    public static void cvtdq2pd(Sse c, long dst, long src) {
        long r0 = Double.doubleToRawLongBits(get32(src));
        put64(dst + 8, Double.doubleToRawLongBits(get32(src + 4)));
        put64(dst, r0);
    }

    public static void cvtps2dq(Sse c, long dst, long src) {
        long r0 = Lanes.toInteger(c, get32(src), 32);
        long r1 = Lanes.toInteger(c, get32(src + 4), 32);
        long r2 = Lanes.toInteger(c, get32(src + 8), 32);
        long r3 = Lanes.toInteger(c, get32(src + 12), 32);
        finish(c, dst, pair(r0, r1), pair(r2, r3));
    }

    public static void cvttps2dq(Sse c, long dst, long src) {
        long r0 = Lanes.truncate(c, get32(src), 32);
        long r1 = Lanes.truncate(c, get32(src + 4), 32);
        long r2 = Lanes.truncate(c, get32(src + 8), 32);
        long r3 = Lanes.truncate(c, get32(src + 12), 32);
        finish(c, dst, pair(r0, r1), pair(r2, r3));
    }

    public static void cvtpd2dq(Sse c, long dst, long src) {
        long r0 = Lanes.toInteger(c, get64(src), 32);
        long r1 = Lanes.toInteger(c, get64(src + 8), 32);
        finish(c, dst, pair(r0, r1), 0);
    }

    public static void cvttpd2dq(Sse c, long dst, long src) {
        long r0 = Lanes.truncate(c, get64(src), 32);
        long r1 = Lanes.truncate(c, get64(src + 8), 32);
        finish(c, dst, pair(r0, r1), 0);
    }

    public static void cvtpi2ps(Sse c, long dst, long src) {
        int r0 = Lanes.toFloat(c, get32(src));
        int r1 = Lanes.toFloat(c, get32(src + 4));
        c.settle();
        put64(dst, pair(r0, r1));
    }

    public static void cvtpi2pd(Sse c, long dst, long src) {
        cvtdq2pd(c, dst, src);
    }

    public static void cvtps2pi(Sse c, long dst, long src) {
        long r0 = Lanes.toInteger(c, get32(src), 32);
        long r1 = Lanes.toInteger(c, get32(src + 4), 32);
        c.settle();
        put64(dst, pair(r0, r1));
    }

    public static void cvttps2pi(Sse c, long dst, long src) {
        long r0 = Lanes.truncate(c, get32(src), 32);
        long r1 = Lanes.truncate(c, get32(src + 4), 32);
        c.settle();
        put64(dst, pair(r0, r1));
    }

    public static void cvtpd2pi(Sse c, long dst, long src) {
        long r0 = Lanes.toInteger(c, get64(src), 32);
        long r1 = Lanes.toInteger(c, get64(src + 8), 32);
        c.settle();
        put64(dst, pair(r0, r1));
    }

    public static void cvttpd2pi(Sse c, long dst, long src) {
        long r0 = Lanes.truncate(c, get64(src), 32);
        long r1 = Lanes.truncate(c, get64(src + 8), 32);
        c.settle();
        put64(dst, pair(r0, r1));
    }

    public static void cvtsi2ss(Sse c, long dst, long src) {
        int r = Lanes.toFloat(c, get32(src));
        c.settle();
        put32(dst, r);
    }

    public static void cvtsi2ssQ(Sse c, long dst, long src) {
        int r = Lanes.toFloat(c, get64(src));
        c.settle();
        put32(dst, r);
    }

    public static void cvtsi2sd(Sse c, long dst, long src) {
        put64(dst, Double.doubleToRawLongBits(get32(src)));
    }

    public static void cvtsi2sdQ(Sse c, long dst, long src) {
        long r = Lanes.toDouble(c, get64(src));
        c.settle();
        put64(dst, r);
    }

    public static long cvtss2si(Sse c, long src) {
        long r = Lanes.toInteger(c, get32(src), 32);
        c.settle();
        return r & LOW;
    }

    public static long cvtss2siQ(Sse c, long src) {
        long r = Lanes.toInteger(c, get32(src), 64);
        c.settle();
        return r;
    }

    public static long cvttss2si(Sse c, long src) {
        long r = Lanes.truncate(c, get32(src), 32);
        c.settle();
        return r & LOW;
    }

    public static long cvttss2siQ(Sse c, long src) {
        long r = Lanes.truncate(c, get32(src), 64);
        c.settle();
        return r;
    }

    public static long cvtsd2si(Sse c, long src) {
        long r = Lanes.toInteger(c, get64(src), 32);
        c.settle();
        return r & LOW;
    }

    public static long cvtsd2siQ(Sse c, long src) {
        long r = Lanes.toInteger(c, get64(src), 64);
        c.settle();
        return r;
    }

    public static long cvttsd2si(Sse c, long src) {
        long r = Lanes.truncate(c, get64(src), 32);
        c.settle();
        return r & LOW;
    }

    public static long cvttsd2siQ(Sse c, long src) {
        long r = Lanes.truncate(c, get64(src), 64);
        c.settle();
        return r;
    }

    private static long pair(long low, long high) {
        return low & LOW | high << 32;
    }

    private static void finish(Sse c, long dst, long r0, long r1) {
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }
}
