package org.lodgevm.devices.virtio;

/** Kinds of devices, by the numbers that drivers know them by. @virtio 5 */
public enum DeviceType {
    NETWORK(1, 0x02_00_00),
    BLOCK(2, 0x01_00_00),
    CONSOLE(3, 0x07_80_00),
    ENTROPY(4, 0x00_ff_00),
    BALLOON(5, 0x00_ff_00),
    SOCKET(19, 0x07_80_00),
    FILESYSTEM(26, 0x01_80_00),
    PMEM(27, 0x05_80_00);

    private final int id;
    private final int pciClass;

    DeviceType(int id, int pciClass) {
        this.id = id;
        this.pciClass = pciClass;
    }

    public int id() {
        return id;
    }

    /** What a PCI function of the kind says it is: class in 23:16, subclass in 15:8, programming interface in 7:0. */
    public int pciClass() {
        return pciClass;
    }
}
