package org.lodgevm.devices.chipset.pci;

/** What a function says it is. {@code classCode}: class in 23:16, subclass in 15:8, programming interface in 7:0. */
public record PciIdentity(int vendor, int device, int revision, int classCode, int subsystemVendor, int subsystem) {
    /** A function without a subsystem id. */
    public PciIdentity(int vendor, int device, int revision, int classCode) {
        this(vendor, device, revision, classCode, 0, 0);
    }
}
