package org.lodgevm.x86.isa;

/**
 * A memory operand to be encoded.
 *
 * @param base base register, {@link #NONE} or {@link #RIP}; in 16-bit addresses BX, BP, SI or DI
 * @param index index register or {@link #NONE}; in 16-bit addresses SI or DI beside BX or BP
 * @param scale by how many bits the index is shifted to the left
 * @param disp displacement; for a moffs the whole offset
 */
public record Address(int base, int index, int scale, long disp) {
    public static final int NONE = -1;
    public static final int RIP = -2;

    /** The address held by a register. */
    public static Address of(int base) {
        return new Address(base, NONE, 0, 0);
    }

    /** An address at a distance from that in a register. */
    public static Address of(int base, long disp) {
        return new Address(base, NONE, 0, disp);
    }

    /** An address without registers. */
    public static Address absolute(long disp) {
        return new Address(NONE, NONE, 0, disp);
    }
}
