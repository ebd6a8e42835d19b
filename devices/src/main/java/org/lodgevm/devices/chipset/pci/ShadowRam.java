package org.lodgevm.devices.chipset.pci;

/**
 * Switches the 13 segments between 0xc0000 and 0xfffff between ROM and RAM, as the host bridge's programmable attribute
 * registers (PAM0 to PAM6) ask. Implemented by whoever lays out guest memory.
 */
@FunctionalInterface
public interface ShadowRam {
    /** For machines without firmware: the whole range is RAM for good. */
    ShadowRam ALWAYS_RAM = (gpa, size, readsRam, writesRam) -> {};

    /**
     * @param readsRam reads come from RAM, else from the ROM behind PCI
     * @param writesRam writes go to RAM, else they are lost
     */
    void set(long gpa, long size, boolean readsRam, boolean writesRam);
}
