package org.lodgevm.x86.isa;

import java.util.List;

/**
 * What an instruction does with an operand, as far as the operand's type reaches: whether a write to part of a vector register clears
 * or keeps the rest does not count.
 */
public enum Access {
    /** Neither reads nor writes it: the address of LEA, the operand of a hint. */
    NONE,
    READ,
    WRITE,
    READ_WRITE;

    public boolean reads() {
        return this == READ || this == READ_WRITE;
    }

    public boolean writes() {
        return this == WRITE || this == READ_WRITE;
    }

    /**
     * Reads the access column of a row, a letter for each of {@code count} operands.
     *
     * @throws IllegalArgumentException when there are more or fewer, or one is unknown
     */
    static List<Access> parse(String cell, int count) {
        String letters = cell.equals("-") && count != 1 ? "" : cell;
        if (letters.length() != count) {
            throw new IllegalArgumentException("not one access for each operand: " + cell);
        }
        Access[] accesses = new Access[count];
        for (int i = 0; i < count; i++) {
            accesses[i] =
                    switch (letters.charAt(i)) {
                        case '-' -> NONE;
                        case 'r' -> READ;
                        case 'w' -> WRITE;
                        case 'x' -> READ_WRITE;
                        default -> throw new IllegalArgumentException("unknown access: " + cell);
                    };
        }
        return List.of(accesses);
    }
}
