/**
 * Virtio devices whose driver does anything at all: {@link org.lodgevm.fuzz.virtio.HostileDriver} writes registers, rings and buffers that
 * are almost right, from several threads; {@link org.lodgevm.fuzz.virtio.Subjects} are the devices, with a host behind them that
 * sends, refuses and fails.
 *
 * <p>A device may give up and ask for a reset, as often as the driver likes. It may not fail by a fault of ours, hang, or touch memory after
 * a reset.
 */
package org.lodgevm.fuzz.virtio;
