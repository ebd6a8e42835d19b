package org.lodgevm.x86.isa;

/**
 * What an instruction does to RFLAGS. Every mask is made of {@link Flag#mask() flag bits}.
 *
 * @param read flags whose old value matters
 * @param written flags that get a defined value; includes {@code cleared} and {@code set}
 * @param undefined flags left undefined, for at least one value of the operands
 * @param cleared flags that always become 0
 * @param set flags that always become 1
 * @param conditional whether the operands may be such that no flag changes, as in a shift by zero
 * @sdm Volume 1, appendix A "EFLAGS Cross-Reference"
 */
public record FlagEffects(
        int read, int written, int undefined, int cleared, int set, boolean conditional) {

    /** No flag is looked at or changed. */
    public static final FlagEffects NONE = new FlagEffects(0, 0, 0, 0, 0, false);

    /** The order of the letters in the table, the same as in the manual's appendix. */
    private static final String COLUMNS = "OSZAPC";

    /** Flags that a condition code looks at, by the condition without its lowest bit. */
    private static final int[] CONDITION_READS = {
        Flag.OF.mask(),
        Flag.CF.mask(),
        Flag.ZF.mask(),
        Flag.CF.mask() | Flag.ZF.mask(),
        Flag.SF.mask(),
        Flag.PF.mask(),
        Flag.SF.mask() | Flag.OF.mask(),
        Flag.ZF.mask() | Flag.SF.mask() | Flag.OF.mask(),
    };

    /** Effects of an instruction that only tests a condition, 0 (O) to 15 (NLE). */
    static FlagEffects ofCondition(int condition) {
        return new FlagEffects(CONDITION_READS[condition >> 1], 0, 0, 0, 0, false);
    }

    /**
     * Reads the flag column of a row.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    static FlagEffects parse(String cell) {
        if (cell.equals("-")) {
            return NONE;
        }
        Builder builder = new Builder();
        int length = cell.length();
        boolean ok = length >= COLUMNS.length();
        int at = 0;
        for (; ok && at < COLUMNS.length(); at++) {
            ok = builder.add(COLUMNS.charAt(at), cell.charAt(at));
        }
        if (at < length && cell.charAt(at) == '?') {
            builder.conditional = true;
            at++;
        }
        if (at < length && cell.charAt(at) == ':') {
            for (at++; ok && at + 1 < length; at += 2) {
                ok = builder.add(cell.charAt(at), cell.charAt(at + 1));
            }
        }
        if (!ok || at != length) {
            throw new IllegalArgumentException("malformed flags: " + cell);
        }
        return builder.build();
    }

    private static final class Builder {
        private int read;
        private int written;
        private int undefined;
        private int cleared;
        private int set;
        private boolean conditional;

        boolean add(char letter, char effect) {
            Flag flag = Flag.of(letter);
            if (flag == null) {
                return false;
            }
            int mask = flag.mask();
            switch (effect) {
                case '-' -> {}
                case 'M' -> written |= mask;
                case 'T' -> read |= mask;
                case 'X' -> {
                    read |= mask;
                    written |= mask;
                }
                case 'U' -> undefined |= mask;
                case '0' -> cleared |= mask;
                case '1' -> set |= mask;
                default -> {
                    return false;
                }
            }
            return true;
        }

        FlagEffects build() {
            return new FlagEffects(read, written | cleared | set, undefined, cleared, set, conditional);
        }
    }
}
