package org.lodgevm.x86.isa;

/**
 * The last column of a row.
 *
 * @param attributes the {@linkplain Attribute#bit bits} of its attributes
 * @param registersRead general registers read beside the operands: bit n for register n
 * @param registersWritten general registers written beside the operands
 */
record Properties(long attributes, int registersRead, int registersWritten) {
    private static final String[] REGISTERS = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    private static final int R11 = 11;

    Properties with(Attribute attribute) {
        return new Properties(attributes | attribute.bit(), registersRead, registersWritten);
    }

    boolean has(Attribute attribute) {
        return (attributes & attribute.bit()) != 0;
    }

    /**
     * Reads the column.
     *
     * @throws IllegalArgumentException naming the word that is unknown
     */
    static Properties parse(String cell) {
        long attributes = 0;
        int read = 0;
        int written = 0;
        for (String word : Words.split(cell, ',')) {
            char access = word.indexOf(':') == 1 ? word.charAt(0) : '-';
            int registers = access == '-' ? 0 : registers(word.substring(2));
            switch (access) {
                case 'r' -> read |= registers;
                case 'w' -> written |= registers;
                case 'x' -> {
                    read |= registers;
                    written |= registers;
                }
                default -> attributes |= Attribute.parse(word).bit();
            }
        }
        return new Properties(attributes, read, written);
    }

    private static int registers(String names) {
        int mask = 0;
        for (String name : Words.split(names, '+')) {
            mask |= 1 << register(name);
        }
        return mask;
    }

    private static int register(String name) {
        for (int i = 0; i < REGISTERS.length; i++) {
            if (REGISTERS[i].equals(name)) {
                return i;
            }
        }
        if (name.equals("r11")) {
            return R11;
        }
        throw new IllegalArgumentException("unknown register: " + name);
    }
}
