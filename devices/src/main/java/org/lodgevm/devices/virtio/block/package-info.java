/**
 * The block device: a disk, whose content is a {@link org.lodgevm.storage.BlockImage}.
 *
 * <p>A request flows from a queue through {@link org.lodgevm.devices.virtio.block.BlockDevice}, which tells its parts apart and checks them,
 * to {@link org.lodgevm.devices.virtio.block.Disk}, which moves data between image and guest memory, in large pieces without a copy where the image
 * can. Several requests of a queue are under way at once, and end in any order. A flush makes durable what had been answered before it was taken, which is
 * what drivers may count on: they have no other means to order requests. @virtio 5.2.6.2
 *
 * <p>Deliberately absent: zoned devices, secure erase, lifetime reports, geometry (which no driver of today asks for). @virtio 5.2
 */
package org.lodgevm.devices.virtio.block;
