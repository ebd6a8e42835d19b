/**
 * Virtio devices, each apart from its transport.
 *
 * <p>{@link org.lodgevm.devices.virtio.VirtioDevice} is what all have in common: the dance of status bits, the negotiation of features,
 * queues and the threads that serve them. What makes it a disk or a network card is its {@link
 * org.lodgevm.devices.virtio.DeviceLogic}, one to a package below. A transport, of the package {@code transport}, is the only one who
 * calls a {@code VirtioDevice}: a driver's register access flows from transport to device, a notification on to the {@link
 * org.lodgevm.devices.virtio.QueueWorker} of a queue, whose virtual thread has the logic serve it. Interrupts flow back through
 * {@link org.lodgevm.devices.virtio.Interrupts}.
 *
 * <p>Adding a device takes a package with its logic, and a row in {@link org.lodgevm.devices.virtio.DeviceType}.
 *
 * <p>Locks: a {@code VirtioDevice}'s monitor guards status and configuration of queues; it is held while the logic starts and resets, and
 * while it waits for workers. A worker holds its own lock while it serves, and never takes the device's then; what the logic tells its
 * {@link org.lodgevm.devices.virtio.Driver} takes none.
 *
 * <p>Deliberately absent: legacy and transitional devices, shared memory regions, administration virtqueues. Cited as {@code @virtio}:
 * Virtual I/O Device (VIRTIO) Version 1.2.
 */
package org.lodgevm.devices.virtio;
