package org.lodgevm.x86.state;

/**
 * Offsets, in bytes, within a vCPU's off-heap state block. All values are little endian. The block is page aligned.
 *
 * <p>General registers lie first, so that their number times eight is their place, and byte register AH is one byte above
 * AL. {@link #ZERO} always holds zero: an absent base, index or segment reads it, so that one formula serves every
 * effective address.
 */
public final class StateBlock {
    /** RAX..R15, 8 bytes each. */
    public static final int GPR = 0;
    public static final int ZERO = 128;
    /** Bases of ES, CS, SS, DS, FS, GS, 8 bytes each. */
    public static final int SEGMENT_BASE = 136;
    /** A 16-byte operand on its way from or to memory. */
    public static final int SCRATCH = 192;
    /** A second such operand. */
    public static final int SCRATCH2 = 208;
    /** A whole XSAVE or FXSAVE image on its way. */
    public static final int IMAGE = 1024;
    /** XMM0..XMM15, 16 bytes each. */
    public static final int XMM = 256;
    /** The x87 unit's area, 512 bytes in FXSAVE layout. */
    public static final int X87 = 512;
    /** Where the TLBs begin, one after the other. */
    public static final int TLB = 4096;

    public static final int RAX = 0;
    public static final int RCX = 8;
    public static final int RDX = 16;
    public static final int RBX = 24;
    public static final int RSP = 32;
    public static final int RBP = 40;
    public static final int RSI = 48;
    public static final int RDI = 56;
    public static final int R8 = 64;
    public static final int R11 = 88;

    private StateBlock() {}
}
