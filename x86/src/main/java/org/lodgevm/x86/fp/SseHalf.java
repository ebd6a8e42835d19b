package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/** F16C: conversions between binary32 and binary16, four elements at a time. @sdm 1:14.4 */
public final class SseHalf {
    private static final long LOW = 0xffff_ffffL;
    private static final int BITS = 16;
    private static final long HALF = 0xffff;
    /** The immediate: RC, then whether MXCSR's RC is taken instead. */
    private static final int RC = 3;
    private static final int BY_MXCSR = 1 << 2;

    private SseHalf() {}

    /** Always exact. DAZ does not count, and denormals are no exception. */
    public static void vcvtph2ps(Sse c, long dst, long src) {
        long halves = get64(src);
        long low = widened(c, halves) | widened(c, halves >>> BITS) << Integer.SIZE;
        long high = widened(c, halves >>> 2 * BITS) | widened(c, halves >>> 3 * BITS) << Integer.SIZE;
        c.settle();
        put64(dst, low);
        put64(dst + 8, high);
    }

    private static long widened(Sse c, long half) {
        c.enter().denormalsAreZero = false;
        c.masks |= FpContext.DE;
        long single = SoftConversion.convert(c, Format.BINARY16, Format.BINARY32, half & HALF);
        c.flags &= ~FpContext.DE;
        return single;
    }

    /** To the low eight bytes; the others are cleared. FTZ does not count. */
    public static void vcvtps2ph(Sse c, long dst, long src, int imm) {
        long halves = 0;
        for (int i = 0; i < 4; i++) {
            halves |= narrowed(c, get32(src + 4 * i) & LOW, imm) << BITS * i;
        }
        c.settle();
        put64(dst, halves);
        put64(dst + 8, 0);
    }

    private static long narrowed(Sse c, long single, int imm) {
        c.enter().flushToZero = false;
        if ((imm & BY_MXCSR) == 0) {
            c.rounding = imm & RC;
        }
        return SoftConversion.convert(c, Format.BINARY32, Format.BINARY16, single);
    }
}
