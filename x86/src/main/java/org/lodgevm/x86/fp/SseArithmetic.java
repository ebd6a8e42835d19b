package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/** Elementwise arithmetic, packed and scalar. See the package for what the parameters are. @sdm 1:10.4.1 @sdm 1:11.4.1 */
public final class SseArithmetic {
    private SseArithmetic() {}

    public static void addps(Sse c, long dst, long src) {
        int r0 = Lanes.add(c, get32(dst), get32(src));
        int r1 = Lanes.add(c, get32(dst + 4), get32(src + 4));
        int r2 = Lanes.add(c, get32(dst + 8), get32(src + 8));
        int r3 = Lanes.add(c, get32(dst + 12), get32(src + 12));
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void addpd(Sse c, long dst, long src) {
        long r0 = Lanes.add(c, get64(dst), get64(src));
        long r1 = Lanes.add(c, get64(dst + 8), get64(src + 8));
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void addss(Sse c, long dst, long src) {
        int r = Lanes.add(c, get32(dst), get32(src));
        c.settle();
        put32(dst, r);
    }

    public static void addsd(Sse c, long dst, long src) {
        long r = Lanes.add(c, get64(dst), get64(src));
        c.settle();
        put64(dst, r);
    }

    public static void subps(Sse c, long dst, long src) {
        int r0 = Lanes.subtract(c, get32(dst), get32(src));
        int r1 = Lanes.subtract(c, get32(dst + 4), get32(src + 4));
        int r2 = Lanes.subtract(c, get32(dst + 8), get32(src + 8));
        int r3 = Lanes.subtract(c, get32(dst + 12), get32(src + 12));
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void subpd(Sse c, long dst, long src) {
        long r0 = Lanes.subtract(c, get64(dst), get64(src));
        long r1 = Lanes.subtract(c, get64(dst + 8), get64(src + 8));
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void subss(Sse c, long dst, long src) {
        int r = Lanes.subtract(c, get32(dst), get32(src));
        c.settle();
        put32(dst, r);
    }

    public static void subsd(Sse c, long dst, long src) {
        long r = Lanes.subtract(c, get64(dst), get64(src));
        c.settle();
        put64(dst, r);
    }

    public static void mulps(Sse c, long dst, long src) {
        int r0 = Lanes.multiply(c, get32(dst), get32(src));
        int r1 = Lanes.multiply(c, get32(dst + 4), get32(src + 4));
        int r2 = Lanes.multiply(c, get32(dst + 8), get32(src + 8));
        int r3 = Lanes.multiply(c, get32(dst + 12), get32(src + 12));
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void mulpd(Sse c, long dst, long src) {
        long r0 = Lanes.multiply(c, get64(dst), get64(src));
        long r1 = Lanes.multiply(c, get64(dst + 8), get64(src + 8));
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void mulss(Sse c, long dst, long src) {
        int r = Lanes.multiply(c, get32(dst), get32(src));
        c.settle();
        put32(dst, r);
    }

    public static void mulsd(Sse c, long dst, long src) {
        long r = Lanes.multiply(c, get64(dst), get64(src));
        c.settle();
        put64(dst, r);
    }

    public static void divps(Sse c, long dst, long src) {
        int r0 = Lanes.divide(c, get32(dst), get32(src));
        int r1 = Lanes.divide(c, get32(dst + 4), get32(src + 4));
        int r2 = Lanes.divide(c, get32(dst + 8), get32(src + 8));
        int r3 = Lanes.divide(c, get32(dst + 12), get32(src + 12));
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void divpd(Sse c, long dst, long src) {
        long r0 = Lanes.divide(c, get64(dst), get64(src));
        long r1 = Lanes.divide(c, get64(dst + 8), get64(src + 8));
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void divss(Sse c, long dst, long src) {
        int r = Lanes.divide(c, get32(dst), get32(src));
        c.settle();
        put32(dst, r);
    }

    public static void divsd(Sse c, long dst, long src) {
        long r = Lanes.divide(c, get64(dst), get64(src));
        c.settle();
        put64(dst, r);
    }

    public static void sqrtps(Sse c, long dst, long src) {
        int r0 = Lanes.squareRoot(c, get32(src));
        int r1 = Lanes.squareRoot(c, get32(src + 4));
        int r2 = Lanes.squareRoot(c, get32(src + 8));
        int r3 = Lanes.squareRoot(c, get32(src + 12));
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void sqrtpd(Sse c, long dst, long src) {
        long r0 = Lanes.squareRoot(c, get64(src));
        long r1 = Lanes.squareRoot(c, get64(src + 8));
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void sqrtss(Sse c, long dst, long src) {
        int r = Lanes.squareRoot(c, get32(src));
        c.settle();
        put32(dst, r);
    }

    public static void sqrtsd(Sse c, long dst, long src) {
        long r = Lanes.squareRoot(c, get64(src));
        c.settle();
        put64(dst, r);
    }

    public static void minps(Sse c, long dst, long src) {
        int r0 = Lanes.minimum(c, get32(dst), get32(src));
        int r1 = Lanes.minimum(c, get32(dst + 4), get32(src + 4));
        int r2 = Lanes.minimum(c, get32(dst + 8), get32(src + 8));
        int r3 = Lanes.minimum(c, get32(dst + 12), get32(src + 12));
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void minpd(Sse c, long dst, long src) {
        long r0 = Lanes.minimum(c, get64(dst), get64(src));
        long r1 = Lanes.minimum(c, get64(dst + 8), get64(src + 8));
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void minss(Sse c, long dst, long src) {
        int r = Lanes.minimum(c, get32(dst), get32(src));
        c.settle();
        put32(dst, r);
    }

    public static void minsd(Sse c, long dst, long src) {
        long r = Lanes.minimum(c, get64(dst), get64(src));
        c.settle();
        put64(dst, r);
    }

    public static void maxps(Sse c, long dst, long src) {
        int r0 = Lanes.maximum(c, get32(dst), get32(src));
        int r1 = Lanes.maximum(c, get32(dst + 4), get32(src + 4));
        int r2 = Lanes.maximum(c, get32(dst + 8), get32(src + 8));
        int r3 = Lanes.maximum(c, get32(dst + 12), get32(src + 12));
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void maxpd(Sse c, long dst, long src) {
        long r0 = Lanes.maximum(c, get64(dst), get64(src));
        long r1 = Lanes.maximum(c, get64(dst + 8), get64(src + 8));
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void maxss(Sse c, long dst, long src) {
        int r = Lanes.maximum(c, get32(dst), get32(src));
        c.settle();
        put32(dst, r);
    }

    public static void maxsd(Sse c, long dst, long src) {
        long r = Lanes.maximum(c, get64(dst), get64(src));
        c.settle();
        put64(dst, r);
    }
}
