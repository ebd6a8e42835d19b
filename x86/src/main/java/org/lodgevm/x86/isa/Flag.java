package org.lodgevm.x86.isa;

/**
 * The flags of RFLAGS.
 *
 * @sdm Volume 1, 3.4.3
 */
public enum Flag {
    CF(0, 'C'),
    PF(2, 'P'),
    AF(4, 'A'),
    ZF(6, 'Z'),
    SF(7, 'S'),
    TF(8, 'T'),
    IF(9, 'I'),
    DF(10, 'D'),
    OF(11, 'O'),
    NT(14, 'N'),
    AC(18, 'K');

    private static final Flag[] VALUES = values();

    private final int mask;
    private final char letter;

    Flag(int bit, char letter) {
        this.mask = 1 << bit;
        this.letter = letter;
    }

    /** The flag's bit in RFLAGS. */
    public int mask() {
        return mask;
    }

    /** The flag that the table writes as {@code letter}, or null. */
    static Flag of(char letter) {
        for (Flag flag : VALUES) {
            if (flag.letter == letter) {
                return flag;
            }
        }
        return null;
    }
}
