/**
 * The socket device: streams between programs in the guest and on the host, without a network.
 *
 * <p>A {@link org.lodgevm.devices.virtio.socket.PacketHeader} from the guest's transmit queue goes to the {@link
 * org.lodgevm.devices.virtio.socket.Connection} of its ports, or, if it asks for one, to a {@link
 * org.lodgevm.devices.virtio.socket.SocketListener} of the host. Either side tells the other how much it can take; a connection
 * never holds more than its buffer. What the host sends waits in its connection until the guest lends receive buffers and has credit left.
 *
 * <p>Deliberately absent: datagrams and sequenced packets. @virtio 5.10
 */
package org.lodgevm.devices.virtio.socket;
