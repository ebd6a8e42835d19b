/**
 * What a network card is plugged into.
 *
 * <p>A {@link org.lodgevm.net.Link} is one end of a full-duplex cable. Whoever is at this end, a network card say, sends
 * {@link org.lodgevm.net.Frame}s with {@code send} and is a {@link org.lodgevm.net.Receiver} for those from the other end. What the
 * other end is, a user-mode network, a port of a switch or another process, gives out links; a
 * {@link org.lodgevm.net.Patch} joins two links, and a capture wraps one.
 *
 * <pre>
 *     card ── send ──► Link ─► ... what is at the other end
 *          ◄─ receive ─
 * </pre>
 *
 * <p>Both directions push, and both can refuse: a refused frame was not taken, and the refuser says later when there is room.
 * Nothing in between holds more than a {@link org.lodgevm.net.FrameQueue} of fixed size. Frames may carry work that their sender
 * left undone ({@link org.lodgevm.net.Offload}); {@code send} takes all of it, while a receiver says what it takes.
 *
 * <p>Deliberately absent: VLAN tags and jumbo frames are carried, but nothing here looks into them; there are no media, speeds or
 * pause frames. Cited as {@code @rfc}: RFCs of the IETF; {@code @virtio}: Virtual I/O Device 1.2.
 */
package org.lodgevm.net;
