package org.lodgevm.x86.isa;

/**
 * How wide an operand is: the small letters of an operand code.
 *
 * @sdm Volume 2, A.2.2 "Codes for Operand Type"; the x87 and XSAVE images have no letter there
 */
public enum OperandType {
    /** Two operands of the operand size, for BOUND. */
    A,
    B,
    D,
    DQ,
    /** x87 environment: 14 or 28 bytes by operand size. */
    ENV,
    /** FXSAVE image. */
    FX,
    /** No access, or one whose width only the instruction knows. */
    NONE,
    /** Far pointer: an offset of the operand size, then a selector. */
    P,
    PD,
    PI,
    PS,
    Q,
    /** Pseudo-descriptor: a limit word, then a base of four bytes, of eight in 64-bit mode. */
    S,
    SD,
    SS,
    /** x87 state: 94 or 108 bytes by operand size. */
    STATE,
    /** Ten-byte x87 value. */
    T,
    /** The operand size: two, four or eight bytes. */
    V,
    W,
    /** A whole vector: 16 bytes, 32 with VEX.L. */
    X,
    /** Four bytes, eight with a 64-bit operand size. */
    Y,
    /** Two bytes with a 16-bit operand size, else four. */
    Z;

    /**
     * Width in bytes, zero for {@link #NONE}.
     *
     * @param opSize effective operand size in bytes
     * @param vexL VEX.L, 0 for instructions without VEX
     */
    public int width(int opSize, int vexL) {
        return switch (this) {
            case NONE -> 0;
            case B -> 1;
            case W -> 2;
            case D, SS -> 4;
            case Q, SD, PI -> 8;
            case T -> 10;
            case DQ -> 16;
            case PS, PD, X -> 16 << vexL;
            case V -> opSize;
            case Y -> Math.max(opSize, 4);
            case Z -> Math.min(opSize, 4);
            case A -> 2 * opSize;
            case P -> opSize + 2;
            case S -> opSize == 8 ? 10 : 6;
            case ENV -> opSize == 2 ? 14 : 28;
            case STATE -> opSize == 2 ? 94 : 108;
            case FX -> 512;
        };
    }

    /** Whether the operand size changes the width. */
    public boolean followsOperandSize() {
        return switch (this) {
            case V, Y, Z, A, P, S, ENV, STATE -> true;
            default -> false;
        };
    }
}
