/**
 * The network card: queues in pairs at one end, a {@link org.lodgevm.net.Link} at the other.
 *
 * <p>A frame that the guest sends flows from a {@link org.lodgevm.devices.virtio.network.TransmitQueue} to the link, with whatever work the
 * guest left undone in its {@link org.lodgevm.net.Offload}. When the link has no room, the frame waits in its queue. A frame from
 * the link passes the {@link org.lodgevm.devices.virtio.network.ReceiveFilter}, is copied to the bounded queue of one {@link
 * org.lodgevm.devices.virtio.network.ReceiveQueue}, chosen by its flow, and from there, by that queue's thread, to the guest's buffers.
 *
 * <p>A card that is elsewhere than it was is {@link org.lodgevm.devices.virtio.network.NetworkDevice#announce announced}: by a frame of ours, and by the guest's driver.
 *
 * <p>Deliberately absent: UDP fragmentation, RSS and hash reports, standby. @virtio 5.1
 */
package org.lodgevm.devices.virtio.network;
