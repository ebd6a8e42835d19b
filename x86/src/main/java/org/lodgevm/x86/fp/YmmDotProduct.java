package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.put32;

/**
 * The dot products of both halves of a YMM register. Products and sums are steps, each of which raises its exceptions for both halves
 * before the next. @sdm 2A:DPPS
 */
public final class YmmDotProduct {
    private static final int HALF = 16;

    private YmmDotProduct() {}

    public static void vdpps(Sse c, long dst, long src, int imm) {
        int p0 = SseHorizontal.product(c, dst, src, 0, imm);
        int p1 = SseHorizontal.product(c, dst, src, 1, imm);
        int p2 = SseHorizontal.product(c, dst, src, 2, imm);
        int p3 = SseHorizontal.product(c, dst, src, 3, imm);
        int q0 = SseHorizontal.product(c, dst + HALF, src + HALF, 0, imm);
        int q1 = SseHorizontal.product(c, dst + HALF, src + HALF, 1, imm);
        int q2 = SseHorizontal.product(c, dst + HALF, src + HALF, 2, imm);
        int q3 = SseHorizontal.product(c, dst + HALF, src + HALF, 3, imm);
        c.settle();
        int p = Lanes.add(c, p0, p1);
        int pp = Lanes.add(c, p2, p3);
        int q = Lanes.add(c, q0, q1);
        int qq = Lanes.add(c, q2, q3);
        c.settle();
        int lower = Lanes.add(c, p, pp);
        int upper = Lanes.add(c, q, qq);
        c.settle();
        for (int i = 0; i < 4; i++) {
            put32(dst + 4 * i, SseHorizontal.selected(lower, imm >> i));
            put32(dst + HALF + 4 * i, SseHorizontal.selected(upper, imm >> i));
        }
    }
}
