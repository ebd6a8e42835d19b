/**
 * The way between guests and the host's network: every guest's connection becomes a socket of the host, and what a
 * {@link org.lodgevm.net.user.plan.PortForward} lets in becomes a connection to the guest.
 *
 * <p>{@link org.lodgevm.net.user.nat.Access} decides what may go where, and under which address each side sees the other. Behind it are
 * {@link org.lodgevm.net.user.nat.TcpTable} with a {@link org.lodgevm.net.user.nat.TcpProxy} for each connection, and
 * {@link org.lodgevm.net.user.nat.UdpTable} with a {@link org.lodgevm.net.user.nat.UdpMapping} for each port of a guest. All of it runs on the
 * stack's loop; the number of sockets and the memory behind them are bounded.
 *
 * <p>Deliberately absent: raw sockets, protocols other than TCP and UDP (and echo, in the package below), IPv4 multicast.
 */
package org.lodgevm.net.user.nat;
