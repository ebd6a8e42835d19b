package org.lodgevm.devices.virtio;

/** Feature bits that are not of one kind of device. @virtio 6 */
public final class Feature {
    private Feature() {}

    /** VIRTIO_F_INDIRECT_DESC */
    public static final long INDIRECT_DESC = 1L << 28;
    /** VIRTIO_F_EVENT_IDX */
    public static final long EVENT_IDX = 1L << 29;
    /** VIRTIO_F_VERSION_1 */
    public static final long VERSION_1 = 1L << 32;
    /** VIRTIO_F_RING_PACKED */
    public static final long RING_PACKED = 1L << 34;
    /** VIRTIO_F_RING_RESET */
    public static final long RING_RESET = 1L << 40;

    /** What every device here offers. VIRTIO_F_IN_ORDER is not among it: what is done {@link Driver#later} ends in any order. */
    static final long OFFERED = INDIRECT_DESC | EVENT_IDX | VERSION_1 | RING_PACKED | RING_RESET;
}
