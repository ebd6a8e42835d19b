package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Multiplication of polynomials over GF(2).
 *
 * @sdm 2B PCLMULQDQ
 */
public final class CarrylessMultiply {

    /** Every fourth bit: sums of up to fifteen products stay within their four bits, so that bit 0 of each sum is its parity. */
    private static final long EVERY_FOURTH = 0x1111_1111_1111_1111L;

    private CarrylessMultiply() {}

    /** Immediate bit 0 chooses the quadword of {@code dst}, bit 4 that of {@code src}. */
    public static void pclmulqdq(long dst, long src, int imm) {
        long a = get64(dst + 8 * (imm & 1));
        long b = get64(src + 8 * (imm >> 4 & 1));
        put64(dst, low(a, b));
        put64(dst + 8, Long.reverse(low(Long.reverse(a), Long.reverse(b))) >>> 1);
    }

    /**
     * The low 64 bits of the product. The mirror image of a product of 127 bits is the product of the mirrored factors, which
     * gives the high bits as well.
     */
    private static long low(long a, long b) {
        long a0 = a & EVERY_FOURTH;
        long a1 = a & EVERY_FOURTH << 1;
        long a2 = a & EVERY_FOURTH << 2;
        long a3 = a & EVERY_FOURTH << 3;
        long b0 = b & EVERY_FOURTH;
        long b1 = b & EVERY_FOURTH << 1;
        long b2 = b & EVERY_FOURTH << 2;
        long b3 = b & EVERY_FOURTH << 3;
        // Only the topmost sum, at bits 63:60, can reach sixteen, and its carry leaves the word.
        return (a0 * b0 ^ a1 * b3 ^ a2 * b2 ^ a3 * b1) & EVERY_FOURTH
                | (a0 * b1 ^ a1 * b0 ^ a2 * b3 ^ a3 * b2) & EVERY_FOURTH << 1
                | (a0 * b2 ^ a1 * b1 ^ a2 * b0 ^ a3 * b3) & EVERY_FOURTH << 2
                | (a0 * b3 ^ a1 * b2 ^ a2 * b1 ^ a3 * b0) & EVERY_FOURTH << 3;
    }
}
