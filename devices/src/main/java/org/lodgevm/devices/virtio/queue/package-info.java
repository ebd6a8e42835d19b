/**
 * Virtqueues, by which a driver lends a device buffers: what every virtio device and every transport shares.
 *
 * <p>A driver's buffer flows from a {@link org.lodgevm.devices.virtio.queue.Ring}, split or packed, as a {@link
 * org.lodgevm.devices.virtio.queue.DescriptorChain} to the device, which reads its first and writes its second part through {@link
 * org.lodgevm.devices.virtio.queue.GuestBuffer}s, and back to the ring as a used one. {@link
 * org.lodgevm.devices.virtio.queue.Virtqueue} joins what the driver configured to the ring of the negotiated kind.
 *
 * <p>All of it lies in memory that the guest writes to meanwhile. Each value is read once and checked: a ring or buffer outside RAM, a
 * chain without end or with parts in the wrong order raises a {@link org.lodgevm.devices.virtio.queue.QueueFault}, on which the device
 * needs a reset. No check, once passed, can fail later, since the places of RAM do not change.
 *
 * <p>Deliberately absent: threads, which {@code org.lodgevm.devices.virtio} adds, and access through an IOMMU. Cited as {@code
 * @virtio}: Virtual I/O Device (VIRTIO) Version 1.2.
 */
package org.lodgevm.devices.virtio.queue;
