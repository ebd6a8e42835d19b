/**
 * The block device: a disk, whose content is a {@link org.lodgevm.storage.BlockImage}.
 *
 * <p>A request flows from a queue through {@link org.lodgevm.devices.virtio.block.BlockDevice}, which tells its parts apart and checks them,
 * to {@link org.lodgevm.devices.virtio.block.Disk}, which moves data between image and guest memory, without a copy where the image
 * can. Each queue has its thread: as many requests are under way as there are queues.
 *
 * <p>Deliberately absent: zoned devices, secure erase, lifetime reports, geometry (which no driver of today asks for). @virtio 5.2
 */
package org.lodgevm.devices.virtio.block;
