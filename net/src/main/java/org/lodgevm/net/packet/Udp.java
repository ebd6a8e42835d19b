package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** A UDP datagram. @rfc 768 */
public final class Udp {
    public static final int HEADER_SIZE = 8;

    private static final int SOURCE = 0;
    private static final int DESTINATION = 2;
    private static final int LENGTH = 4;
    public static final int CHECKSUM = 6;

    private final ByteBuffer bytes;
    private final int at;

    private Udp(ByteBuffer bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /** @param verify whether to look at the checksum. Over IPv4 a datagram may have none; over IPv6 it must. @rfc 8200 8.1 */
    public static Udp parse(IpPacket packet, boolean verify) {
        ByteBuffer bytes = packet.bytes();
        int at = packet.payloadAt();
        if (packet.payloadLength() < HEADER_SIZE) {
            return null;
        }
        int length = bytes.getShort(at + LENGTH) & 0xffff;
        boolean unchecked = bytes.getShort(at + CHECKSUM) == 0;
        boolean valid = length >= HEADER_SIZE
                && length <= packet.payloadLength()
                && (!verify || (unchecked ? packet instanceof Ipv4 : isIntact(packet, length)));
        return valid ? new Udp(bytes, at) : null;
    }

    private static boolean isIntact(IpPacket packet, int length) {
        return Checksum.isIntact(Checksum.pseudoHeader(packet.source(), packet.destination(), IpPacket.UDP, length)
                + Checksum.sum(packet.bytes(), packet.payloadAt(), length));
    }

    public int sourcePort() {
        return bytes.getShort(at + SOURCE) & 0xffff;
    }

    public int destinationPort() {
        return bytes.getShort(at + DESTINATION) & 0xffff;
    }

    public int payloadAt() {
        return at + HEADER_SIZE;
    }

    public int payloadLength() {
        return (bytes.getShort(at + LENGTH) & 0xffff) - HEADER_SIZE;
    }

    public ByteBuffer payload() {
        return bytes.slice(payloadAt(), payloadLength());
    }

    /** Writes a header in front of a payload that is there already, and the checksum of both. */
    public static void write(ByteBuffer bytes, int at, IpAddress source, int sourcePort, IpAddress destination,
            int destinationPort, int payloadLength) {
        int length = HEADER_SIZE + payloadLength;
        bytes.putShort(at + SOURCE, (short) sourcePort);
        bytes.putShort(at + DESTINATION, (short) destinationPort);
        bytes.putShort(at + LENGTH, (short) length);
        bytes.putShort(at + CHECKSUM, (short) 0);
        short checksum = Checksum.finish(Checksum.pseudoHeader(source, destination, IpPacket.UDP, length)
                + Checksum.sum(bytes, at, length));
        bytes.putShort(at + CHECKSUM, checksum == 0 ? -1 : checksum); // 0 would say that there is none
    }
}
