package org.lodgevm.devices.virtio.transport;

/** The common configuration structure of a PCI function. @virtio 4.1.4.3 */
enum CommonRegister {
    DEVICE_FEATURE_SELECT(0x00, 4),
    DEVICE_FEATURE(0x04, 4),
    DRIVER_FEATURE_SELECT(0x08, 4),
    DRIVER_FEATURE(0x0c, 4),
    CONFIG_MSIX_VECTOR(0x10, 2),
    NUM_QUEUES(0x12, 2),
    DEVICE_STATUS(0x14, 1),
    CONFIG_GENERATION(0x15, 1),
    QUEUE_SELECT(0x16, 2),
    QUEUE_SIZE(0x18, 2),
    QUEUE_MSIX_VECTOR(0x1a, 2),
    QUEUE_ENABLE(0x1c, 2),
    QUEUE_NOTIFY_OFF(0x1e, 2),
    QUEUE_DESC_LOW(0x20, 4),
    QUEUE_DESC_HIGH(0x24, 4),
    QUEUE_DRIVER_LOW(0x28, 4),
    QUEUE_DRIVER_HIGH(0x2c, 4),
    QUEUE_DEVICE_LOW(0x30, 4),
    QUEUE_DEVICE_HIGH(0x34, 4),
    QUEUE_NOTIFY_DATA(0x38, 2),
    QUEUE_RESET(0x3a, 2);

    /** Bytes of the structure. */
    static final int LENGTH = 0x40;

    private static final CommonRegister[] AT = new CommonRegister[LENGTH];

    static {
        for (CommonRegister register : values()) {
            AT[register.offset] = register;
        }
    }

    private final int offset;
    private final int size;

    CommonRegister(int offset, int size) {
        this.offset = offset;
        this.size = size;
    }

    /**
     * The register that a write means. A driver accesses each as wide as it is, but 64 bits by halves. @virtio 4.1.3.1
     *
     * @return null if there is none
     */
    static CommonRegister written(int offset, int size) {
        CommonRegister found = at(offset);
        return found != null && found.size == size ? found : null;
    }

    /**
     * The register whose lowest {@code size} bytes a read means: iPXE's driver reads the lower half of features only.
     *
     * @return null if there is none
     */
    static CommonRegister read(int offset, int size) {
        CommonRegister found = at(offset);
        return found != null && found.size >= size ? found : null;
    }

    private static CommonRegister at(int offset) {
        return offset < LENGTH ? AT[offset] : null;
    }
}
