package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/** Arithmetic across elements: SSE3's sums and differences, SSE4.1's dot products. @sdm 1:12.3.4 @sdm 1:12.10.2 */
public final class SseHorizontal {
    private SseHorizontal() {}

    public static void haddps(Sse c, long dst, long src) {
        int r0 = Lanes.add(c, get32(dst), get32(dst + 4));
        int r1 = Lanes.add(c, get32(dst + 8), get32(dst + 12));
        int r2 = Lanes.add(c, get32(src), get32(src + 4));
        int r3 = Lanes.add(c, get32(src + 8), get32(src + 12));
        finish(c, dst, r0, r1, r2, r3);
    }

    public static void hsubps(Sse c, long dst, long src) {
        int r0 = Lanes.subtract(c, get32(dst), get32(dst + 4));
        int r1 = Lanes.subtract(c, get32(dst + 8), get32(dst + 12));
        int r2 = Lanes.subtract(c, get32(src), get32(src + 4));
        int r3 = Lanes.subtract(c, get32(src + 8), get32(src + 12));
        finish(c, dst, r0, r1, r2, r3);
    }

    public static void haddpd(Sse c, long dst, long src) {
        long r0 = Lanes.add(c, get64(dst), get64(dst + 8));
        long r1 = Lanes.add(c, get64(src), get64(src + 8));
        finish(c, dst, r0, r1);
    }

    public static void hsubpd(Sse c, long dst, long src) {
        long r0 = Lanes.subtract(c, get64(dst), get64(dst + 8));
        long r1 = Lanes.subtract(c, get64(src), get64(src + 8));
        finish(c, dst, r0, r1);
    }

    public static void addsubps(Sse c, long dst, long src) {
        int r0 = Lanes.subtract(c, get32(dst), get32(src));
        int r1 = Lanes.add(c, get32(dst + 4), get32(src + 4));
        int r2 = Lanes.subtract(c, get32(dst + 8), get32(src + 8));
        int r3 = Lanes.add(c, get32(dst + 12), get32(src + 12));
        finish(c, dst, r0, r1, r2, r3);
    }

    public static void addsubpd(Sse c, long dst, long src) {
        long r0 = Lanes.subtract(c, get64(dst), get64(src));
        long r1 = Lanes.add(c, get64(dst + 8), get64(src + 8));
        finish(c, dst, r0, r1);
    }

    /** Products of the elements that {@code imm} 7:4 selects, summed pairwise, to the elements that {@code imm} 3:0 selects. */
    public static void dpps(Sse c, long dst, long src, int imm) {
        int p0 = product(c, dst, src, 0, imm);
        int p1 = product(c, dst, src, 1, imm);
        int p2 = product(c, dst, src, 2, imm);
        int p3 = product(c, dst, src, 3, imm);
        c.settle();
        int low = Lanes.add(c, p0, p1);
        int high = Lanes.add(c, p2, p3);
        c.settle();
        int sum = Lanes.add(c, low, high);
        finish(c, dst, selected(sum, imm), selected(sum, imm >> 1), selected(sum, imm >> 2), selected(sum, imm >> 3));
    }

    static int product(Sse c, long dst, long src, int element, int imm) {
        long offset = 4L * element;
        return (imm >> 4 + element & 1) != 0 ? Lanes.multiply(c, get32(dst + offset), get32(src + offset)) : 0;
    }

    static int selected(int sum, int imm) {
        return -(imm & 1) & sum;
    }

    public static void dppd(Sse c, long dst, long src, int imm) {
        long p0 = (imm >> 4 & 1) != 0 ? Lanes.multiply(c, get64(dst), get64(src)) : 0;
        long p1 = (imm >> 5 & 1) != 0 ? Lanes.multiply(c, get64(dst + 8), get64(src + 8)) : 0;
        c.settle();
        long sum = Lanes.add(c, p0, p1);
        finish(c, dst, -(imm & 1L) & sum, -(imm >> 1 & 1L) & sum);
    }

    private static void finish(Sse c, long dst, int r0, int r1, int r2, int r3) {
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    private static void finish(Sse c, long dst, long r0, long r1) {
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }
}
