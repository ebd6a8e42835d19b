package org.lodgevm.vm;

/** How a machine's virtio devices are attached. */
public enum VirtioTransport {
    /** As functions on the PCI bus, with MSI-X. */
    PCI,
    /** As registers in memory that ACPI tells of. */
    MMIO
}
