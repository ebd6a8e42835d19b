package org.lodgevm.x86.simd;

/**
 * The bit permutations of BMI2. Operands of 32 bits are zero-extended, and so are their results.
 *
 * @sdm 2B PDEP, PEXT
 */
public final class BitGather {

    private BitGather() {}

    /** Low bits of the value, deposited in order at the bits that are set in the mask. */
    public static long pdep(long value, long mask) {
        return Long.expand(value, mask);
    }

    /** Bits of the value where the mask is set, moved together at the bottom. */
    public static long pext(long value, long mask) {
        return Long.compress(value, mask);
    }
}
