package org.lodgevm.x86.fp;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.put32;

/**
 * Reciprocals and reciprocal square roots, approximate by definition: a relative error of up to 1.5 * 2^-12 is allowed, and
 * processors differ. These are as good as binary32 gets. They raise nothing, take denormals for zeros whatever DAZ says, and
 * never answer a denormal. @sdm 2B:RCPPS @sdm 2B:RSQRTPS
 */
public final class SseApproximation {
    private static final int SIGN = Integer.MIN_VALUE;
    private static final int EXPONENT = 0x7f80_0000;
    private static final int QUIET = 1 << 22;
    private static final int INDEFINITE = 0xffc0_0000;

    private SseApproximation() {}

    public static void rcpps(Sse c, long dst, long src) {
        for (int offset = 0; offset < 16; offset += 4) {
            put32(dst + offset, reciprocal(get32(src + offset)));
        }
    }

    public static void rcpss(Sse c, long dst, long src) {
        put32(dst, reciprocal(get32(src)));
    }

    public static void rsqrtps(Sse c, long dst, long src) {
        for (int offset = 0; offset < 16; offset += 4) {
            put32(dst + offset, reciprocalRoot(get32(src + offset)));
        }
    }

    public static void rsqrtss(Sse c, long dst, long src) {
        put32(dst, reciprocalRoot(get32(src)));
    }

    private static int reciprocal(int bits) {
        if (isNan(bits)) {
            return bits | QUIET;
        }
        int result = floatToRawIntBits(1 / intBitsToFloat(flush(bits)));
        return flush(result);
    }

    private static int reciprocalRoot(int bits) {
        if (isNan(bits)) {
            return bits | QUIET;
        }
        int operand = flush(bits);
        if (operand == SIGN) {
            return SIGN | EXPONENT;
        }
        return operand < 0 ? INDEFINITE : floatToRawIntBits((float) (1 / Math.sqrt(intBitsToFloat(operand))));
    }

    private static boolean isNan(int bits) {
        return (bits & ~SIGN) > EXPONENT;
    }

    private static int flush(int bits) {
        return (bits & EXPONENT) == 0 ? bits & SIGN : bits;
    }
}
