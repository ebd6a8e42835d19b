/**
 * The packets of the Internet, as typed views of bytes.
 *
 * <p>A view is a buffer and where in it the packet lies; it copies nothing. {@code parse} makes one after it has checked everything
 * that the accessors rely on, lengths above all, and returns null for what is no such packet; afterwards no accessor can fail.
 * Indices are absolute in the buffer, which is big-endian. The {@code write} methods put headers into a buffer, in front of
 * a payload that is already there, and return where the payload begins.
 *
 * <p>An IPv4 address is handled as the IPv6 address that stands for it ({@link org.lodgevm.net.packet.IpAddress}), and both kinds of
 * packet are {@link org.lodgevm.net.packet.IpPacket}s, so that what is above IP is written once.
 *
 * <p>Deliberately absent: what a packet means, and any state.
 */
package org.lodgevm.net.packet;
