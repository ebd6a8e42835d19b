package org.lodgevm.devices.virtio.transport;

/** The registers of a device in memory, 32 bits wide each. @virtio 4.2.2 */
enum MmioRegister {
    MAGIC_VALUE(0x000),
    VERSION(0x004),
    DEVICE_ID(0x008),
    VENDOR_ID(0x00c),
    DEVICE_FEATURES(0x010),
    DEVICE_FEATURES_SEL(0x014),
    DRIVER_FEATURES(0x020),
    DRIVER_FEATURES_SEL(0x024),
    QUEUE_SEL(0x030),
    QUEUE_NUM_MAX(0x034),
    QUEUE_NUM(0x038),
    QUEUE_READY(0x044),
    QUEUE_NOTIFY(0x050),
    INTERRUPT_STATUS(0x060),
    INTERRUPT_ACK(0x064),
    STATUS(0x070),
    QUEUE_DESC_LOW(0x080),
    QUEUE_DESC_HIGH(0x084),
    QUEUE_DRIVER_LOW(0x090),
    QUEUE_DRIVER_HIGH(0x094),
    QUEUE_DEVICE_LOW(0x0a0),
    QUEUE_DEVICE_HIGH(0x0a4),
    SHM_SEL(0x0ac),
    SHM_LEN_LOW(0x0b0),
    SHM_LEN_HIGH(0x0b4),
    SHM_BASE_LOW(0x0b8),
    SHM_BASE_HIGH(0x0bc),
    QUEUE_RESET(0x0c0),
    CONFIG_GENERATION(0x0fc);

    /** Here the device's own configuration begins. */
    static final int CONFIG = 0x100;

    private static final MmioRegister[] AT = new MmioRegister[CONFIG / Integer.BYTES];

    static {
        for (MmioRegister register : values()) {
            AT[register.offset / Integer.BYTES] = register;
        }
    }

    private final int offset;

    MmioRegister(int offset) {
        this.offset = offset;
    }

    int offset() {
        return offset;
    }

    /** @param offset below {@link #CONFIG}. @return null if no register is there, or the access is not one of all its bits */
    static MmioRegister of(long offset, int size) {
        return size == Integer.BYTES && offset % Integer.BYTES == 0 ? AT[(int) offset / Integer.BYTES] : null;
    }
}
