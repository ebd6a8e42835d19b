/**
 * Disks over a network, by NBD's fixed newstyle negotiation, with structured replies and {@code base:allocation}.
 *
 * <p>{@link org.lodgevm.storage.nbd.NbdStore} is a client: the bytes that a server exports, usually a raw image. {@link
 * org.lodgevm.storage.nbd.NbdServer} exports images. Both work over TCP and Unix sockets, with many requests under way at a time.
 *
 * <p>Absent: TLS, the oldstyle negotiation, extended headers. {@code @nbd} cites the project's {@code doc/proto.md}.
 */
package org.lodgevm.storage.nbd;
