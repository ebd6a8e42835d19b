package org.lodgevm.devices.chipset.apic;

import org.lodgevm.machine.IoRegion;

/**
 * The message address range on the machine's bus: what is written here by whoever is no CPU reaches the APIC bus. A CPU sees
 * its own local APIC in the first page instead.
 */
public record MsiWindow(ApicBus bus, long base) implements IoRegion {
    @Override
    public long read(long offset, int size) {
        return -1;
    }

    @Override
    public void write(long offset, int size, long value) {
        if (size == Integer.BYTES && (offset & 3) == 0) {
            bus.msi(base + offset, (int) value);
        }
    }
}
