/**
 * Cables that leave the process: a {@link org.lodgevm.net.wire.WireLink} is one end, and a {@link org.lodgevm.net.wire.Wire} what carries its frames.
 *
 * <p>A {@link org.lodgevm.net.wire.SocketWire} leads to another process over a stream socket, Unix or TCP, by frames each with its length in front as a
 * 32-bit big-endian number. QEMU speaks that with {@code -netdev stream} and {@code -netdev socket}. A {@link org.lodgevm.net.wire.LinkServer} is where such
 * wires come in. There is no authentication: who can connect to the socket is on the cable. A Unix socket is as private as its folder.
 *
 * <p>{@link org.lodgevm.net.wire.TapAccess} leads to the host's own network.
 */
package org.lodgevm.net.wire;
