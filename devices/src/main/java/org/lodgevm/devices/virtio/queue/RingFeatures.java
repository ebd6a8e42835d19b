package org.lodgevm.devices.virtio.queue;

/**
 * What driver and device agreed on about their rings. @virtio 6
 *
 * @param packed VIRTIO_F_RING_PACKED
 * @param indirect VIRTIO_F_INDIRECT_DESC
 * @param eventIndex VIRTIO_F_EVENT_IDX
 */
public record RingFeatures(boolean packed, boolean indirect, boolean eventIndex) {}
