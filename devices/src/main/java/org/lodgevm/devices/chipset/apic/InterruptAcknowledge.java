package org.lodgevm.devices.chipset.apic;

/** The interrupt-acknowledge cycle that a CPU runs for an ExtINT: the 8259 pair answers. */
@FunctionalInterface
public interface InterruptAcknowledge {
    /** The vector; a spurious one if the request has gone away. */
    int acknowledge();
}
