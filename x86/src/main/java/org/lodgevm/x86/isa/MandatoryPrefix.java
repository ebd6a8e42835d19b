package org.lodgevm.x86.isa;

/**
 * Which of the prefixes 66, F3 and F2 belong to a row's encoding.
 *
 * @sdm Volume 2, 3.1.1.1 (NP, NFx) and A.2.4.2
 */
public enum MandatoryPrefix {
    /** None does: 66 selects the operand size, F3 and F2 repeat a string instruction or are ignored. */
    ANY,
    /** F3 and F2 are not allowed, 66 selects the operand size. */
    NFX,
    /** None of the three is allowed. */
    NP,
    P66,
    /** 66 may be there as well and selects the operand size. */
    PF3,
    /** 66 may be there as well and selects the operand size. */
    PF2;

    /** Number of columns of an opcode map: no prefix, 66, F3, F2. */
    public static final int COLUMNS = 4;

    /** Whether the row stands in the given column of its opcode map. */
    public boolean covers(int column) {
        return switch (this) {
            case ANY -> true;
            case NFX -> column < 2;
            case NP -> column == 0;
            case P66 -> column == 1;
            case PF3 -> column == 2;
            case PF2 -> column == 3;
        };
    }
}
