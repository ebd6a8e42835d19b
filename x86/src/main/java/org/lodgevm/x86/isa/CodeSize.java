package org.lodgevm.x86.isa;

/**
 * Default size of the code being decoded, as CS.D and CS.L select it. Real and virtual-8086 mode run 16-bit code.
 *
 * @sdm Volume 1, 3.6
 */
public enum CodeSize {
    BITS_16(2),
    BITS_32(4),
    BITS_64(8);

    private final int addressSize;

    CodeSize(int addressSize) {
        this.addressSize = addressSize;
    }

    /** Bytes in an address without a prefix. */
    public int addressSize() {
        return addressSize;
    }

    /** Bytes in an address with prefix 67. */
    public int otherAddressSize() {
        return this == BITS_32 ? 2 : 4;
    }

    /** Bytes in an operand without a prefix. */
    public int operandSize() {
        return this == BITS_16 ? 2 : 4;
    }

    public boolean is64() {
        return this == BITS_64;
    }
}
