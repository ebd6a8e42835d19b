package org.lodgevm.x86.state;

/**
 * Places in a CPU's array of registers: the general registers by their number, then what effective addresses are summed
 * up from in the same way.
 */
public final class Gpr {
    public static final int RAX = 0;
    public static final int RCX = 1;
    public static final int RDX = 2;
    public static final int RBX = 3;
    public static final int RSP = 4;
    public static final int RBP = 5;
    public static final int RSI = 6;
    public static final int RDI = 7;
    public static final int R11 = 11;
    /** Always zero: an absent base, index or segment reads it, so that one formula serves every effective address. */
    public static final int ZERO = 16;
    /** Bases of ES, CS, SS, DS, FS, GS. */
    public static final int SEGMENT_BASE = 17;
    public static final int COUNT = 23;

    /** Added to the number of rAX to rBX, it means bits 15:8: AH, CH, DH, BH. */
    public static final int HIGH_BYTE = 32;
    public static final int AH = RAX + HIGH_BYTE;

    private Gpr() {}
}
