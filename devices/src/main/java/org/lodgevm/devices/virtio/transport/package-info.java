/**
 * How a driver reaches a virtio device: as a PCI function ({@link org.lodgevm.devices.virtio.transport.VirtioPci}) or as registers in
 * memory with one interrupt ({@link org.lodgevm.devices.virtio.transport.VirtioMmio}).
 *
 * <p>A register access comes from the bus and goes on to the {@link org.lodgevm.devices.virtio.VirtioDevice}. Nothing of a device's
 * own is known here but the length of its configuration space.
 *
 * <p>Deliberately absent: the legacy interface of either, and channel I/O.
 */
package org.lodgevm.devices.virtio.transport;
