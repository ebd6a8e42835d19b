/**
 * Disks over a network, by NBD's fixed newstyle negotiation, with structured replies and {@code base:allocation}.
 *
 * <p>{@link org.lodgevm.storage.nbd.NbdStore} is a client: the bytes that a server exports, usually a raw image. {@link
 * org.lodgevm.storage.nbd.NbdServer} exports images. Both work over TCP and Unix sockets, with many requests under way at a time.
 *
 * <p>Neither end costs the other more than it should: what clients have a server hold is bounded for each and for all, and a server that is silent
 * while it owes an answer is given up.
 *
 * <p>Absent: TLS, the oldstyle negotiation, extended headers, and connecting again: a connection that is lost stays so. {@code @nbd} cites
 * the project's {@code doc/proto.md}.
 */
package org.lodgevm.storage.nbd;
