package org.lodgevm.devices.chipset.pci;

/**
 * A register of configuration space as a datasheet's table describes it.
 *
 * @param offset of its first byte
 * @param size in bytes, 1 to 8
 * @param reset value after reset
 * @param writable bits that a guest's write changes
 * @param clearable bits that a guest clears by writing ones
 */
public record ConfigRegister(int offset, int size, long reset, long writable, long clearable) {
    /** Read-only zeros, to be refined. */
    public static ConfigRegister of(int offset, int size) {
        return new ConfigRegister(offset, size, 0, 0, 0);
    }

    public ConfigRegister reset(long value) {
        return new ConfigRegister(offset, size, value, writable, clearable);
    }

    public ConfigRegister writable(long bits) {
        return new ConfigRegister(offset, size, reset, bits, clearable);
    }

    public ConfigRegister clearable(long bits) {
        return new ConfigRegister(offset, size, reset, writable, bits);
    }

    /** Whether an access touches this register. */
    boolean overlaps(int start, int bytes) {
        return start < offset + size && offset < start + bytes;
    }
}
