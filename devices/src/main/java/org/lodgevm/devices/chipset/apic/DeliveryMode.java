package org.lodgevm.devices.chipset.apic;

/** What an interrupt does where it arrives; the order is the encoding in ICR, LVT, redirection table and MSI data. @sdm 11.6.1 */
enum DeliveryMode {
    FIXED,
    LOWEST_PRIORITY,
    SMI,
    RESERVED,
    NMI,
    INIT,
    STARTUP,
    EXT_INT;

    private static final DeliveryMode[] ALL = values();
    private static final int SHIFT = 8;

    /** The mode in bits 10:8 of a register. */
    static DeliveryMode of(int register) {
        return ALL[register >> SHIFT & 7];
    }

    /** This mode in its place in a register. */
    int bits() {
        return ordinal() << SHIFT;
    }

    /** Whether the vector goes through IRR and ISR. */
    boolean isVectored() {
        return this == FIXED || this == LOWEST_PRIORITY;
    }
}
