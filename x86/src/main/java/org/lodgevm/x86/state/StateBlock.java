package org.lodgevm.x86.state;

/** Offsets, in bytes, within a vCPU's off-heap block: vector and x87 state, as SIMD semantics address it. Little endian, page aligned. */
public final class StateBlock {
    /** A 16-byte operand on its way from or to memory. */
    public static final int SCRATCH = 192;
    /** A second such operand. */
    public static final int SCRATCH2 = 208;
    /** XMM0..XMM15, 16 bytes each. */
    public static final int XMM = 256;
    /** The x87 unit's area, 512 bytes in FXSAVE layout. */
    public static final int X87 = 512;
    /** A whole XSAVE or FXSAVE image on its way. */
    public static final int IMAGE = 1024;
    /** Operands of up to 32 bytes of an instruction with a VEX prefix: where the result is made, the last source, and one more. */
    public static final int VEX_RESULT = 3712;
    public static final int VEX_SOURCE = 3744;
    public static final int VEX_THIRD = 3776;
    /** The upper halves of YMM0..YMM15, 16 bytes each. */
    public static final int YMM_HIGH = 3840;
    public static final int SIZE = 4096;

    private StateBlock() {}
}
