package org.lodgevm.x86.isa;

import java.util.Locale;

/** Yes-or-no properties of a row, written in lower case in the table's last column. */
public enum Attribute {
    /** LOCK is allowed when the destination is in memory; everywhere else it is #UD. */
    LOCK,
    /** F3 and F2 alike repeat the instruction rCX times. */
    REP,
    /** F3 repeats while ZF = 1, F2 while ZF = 0, at most rCX times. */
    REPZ,
    /** The operand size is 64 bits by default in 64-bit mode; 66 makes it 16, and 32 cannot be encoded. */
    D64,
    /** The operand size is always 64 bits in 64-bit mode. */
    F64,
    /** Undefined in 64-bit mode. */
    I64,
    /** Defined in 64-bit mode only. */
    O64,
    /** Needs CPL 0, else #GP(0). */
    CPL0,
    /** Needs CPL 0, else #UD. */
    CPL0UD,
    /** Needs CPL <= IOPL, unless the I/O permission map or CR4.VME/PVI grant it. */
    IOPL,
    /** #UD in real and virtual-8086 mode. */
    NOREAL,
    /** A 16-byte memory operand need not be aligned (legacy SSE otherwise demands it). */
    UNALIGNED,
    /** A memory operand must be aligned to its width (with VEX it otherwise need not be). */
    ALIGNED,
    /** Uses vector registers or MXCSR, and is refused as their instructions are, without an operand that shows it. */
    SSE,
    /** ModRM.rm must call for a SIB byte, whose index is a vector register as long as VEX.L says. */
    VSIB,
    /** The same with an index register of 16 bytes, whatever VEX.L is. */
    VSIBX,
    /** May transfer control: the last instruction of a basic block. */
    JUMP,
    /** Changes how later instructions are fetched, decoded or translated, or is serializing. */
    SERIAL,
    /** Not in Intel's manual, yet executed by its processors. */
    UNDOC;

    private static final Attribute[] VALUES = values();

    private final String word = name().toLowerCase(Locale.ROOT);

    long bit() {
        return 1L << ordinal();
    }

    /**
     * Reads a word of the attribute column.
     *
     * @throws IllegalArgumentException when it is unknown
     */
    static Attribute parse(String word) {
        for (Attribute attribute : VALUES) {
            if (attribute.word.equals(word)) {
                return attribute;
            }
        }
        throw new IllegalArgumentException("unknown attribute: " + word);
    }
}
