package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** An ICMP message, of IPv4 or IPv6. @rfc 792, @rfc 4443 */
public final class Icmp {
    public static final int HEADER_SIZE = 8;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    /** Of echo messages: identifier and sequence number. Of others: unused, or what the code says. */
    private static final int REST = 4;

    private final ByteBuffer bytes;
    private final int at;
    private final int length;

    private Icmp(ByteBuffer bytes, int at, int length) {
        this.bytes = bytes;
        this.at = at;
        this.length = length;
    }

    /** @return null if it is too short or damaged */
    public static Icmp parse(IpPacket packet) {
        int length = packet.payloadLength();
        boolean intact = packet instanceof Ipv6
                ? Checksum.isIntact(packet)
                : Checksum.isIntact(Checksum.sum(packet.bytes(), packet.payloadAt(), length));
        return length >= HEADER_SIZE && intact ? new Icmp(packet.bytes(), packet.payloadAt(), length) : null;
    }

    public int type() {
        return bytes.get(at + TYPE) & 0xff;
    }

    public int code() {
        return bytes.get(at + CODE) & 0xff;
    }

    public int rest() {
        return bytes.getInt(at + REST);
    }

    public int payloadAt() {
        return at + HEADER_SIZE;
    }

    public int payloadLength() {
        return length - HEADER_SIZE;
    }

    /** Writes a header in front of a payload that is there already, and the checksum of both. */
    public static void write(ByteBuffer bytes, int at, IpAddress source, IpAddress destination, int type, int code, int rest,
            int payloadLength) {
        int length = HEADER_SIZE + payloadLength;
        bytes.put(at + TYPE, (byte) type);
        bytes.put(at + CODE, (byte) code);
        bytes.putShort(at + CHECKSUM, (short) 0);
        bytes.putInt(at + REST, rest);
        long pseudo = source.isV4() ? 0 : Checksum.pseudoHeader(source, destination, IpPacket.ICMPV6, length);
        bytes.putShort(at + CHECKSUM, Checksum.finish(pseudo + Checksum.sum(bytes, at, length)));
    }

    /** The types and codes of one of the two, under the names that they share. */
    public enum Version {
        V4(IpPacket.ICMP, 8, 0, 3, 1, 3, 13),
        V6(IpPacket.ICMPV6, 128, 129, 1, 3, 4, 1);

        public final int protocol;
        public final int echoRequest;
        public final int echoReply;
        public final int unreachable;
        /** Codes of it. */
        public final int hostUnreachable;

        public final int portUnreachable;
        public final int prohibited;

        Version(int protocol, int echoRequest, int echoReply, int unreachable, int hostUnreachable, int portUnreachable,
                int prohibited) {
            this.protocol = protocol;
            this.echoRequest = echoRequest;
            this.echoReply = echoReply;
            this.unreachable = unreachable;
            this.hostUnreachable = hostUnreachable;
            this.portUnreachable = portUnreachable;
            this.prohibited = prohibited;
        }

        public static Version of(IpAddress address) {
            return address.isV4() ? V4 : V6;
        }
    }
}
