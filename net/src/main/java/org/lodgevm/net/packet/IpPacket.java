package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** What IPv4 and IPv6 packets have in common: a payload for some protocol, from one address to another, possibly in fragments. */
public sealed interface IpPacket permits Ipv4, Ipv6 {
    /** Protocols. */
    int ICMP = 1;

    int TCP = 6;
    int UDP = 17;
    int ICMPV6 = 58;

    /** The unit that fragment offsets are multiples of. */
    int FRAGMENT_UNIT = 8;

    /** @return null if it is neither, damaged or cut off */
    static IpPacket parse(int etherType, ByteBuffer bytes, int at, int end) {
        return switch (etherType) {
            case Ethernet.IPV4 -> Ipv4.parse(bytes, at, end);
            case Ethernet.IPV6 -> Ipv6.parse(bytes, at, end);
            default -> null;
        };
    }

    ByteBuffer bytes();

    /** Where the packet begins. */
    int at();

    IpAddress source();

    IpAddress destination();

    int hopLimit();

    /** Of the payload: behind extension headers, if there are any. */
    int protocol();

    int payloadAt();

    int payloadLength();

    default boolean isFragment() {
        return moreFragments() || fragmentOffset() > 0;
    }

    /** Where the payload belongs in that of the whole packet, in bytes. */
    int fragmentOffset();

    boolean moreFragments();

    /** What fragments of one packet have in common. */
    int identification();

    /** The room that a header takes, by the kind of addresses. */
    static int headerSize(IpAddress address) {
        return address.isV4() ? Ipv4.HEADER_SIZE : Ipv6.HEADER_SIZE;
    }

    static int etherType(IpAddress address) {
        return address.isV4() ? Ethernet.IPV4 : Ethernet.IPV6;
    }

    /** Writes a header of the kind of the addresses. @return where the payload begins */
    static int write(ByteBuffer bytes, int at, IpAddress source, IpAddress destination, int protocol, int payloadLength,
            int hopLimit) {
        return source.isV4()
                ? Ipv4.write(bytes, at, source, destination, protocol, payloadLength, hopLimit)
                : Ipv6.write(bytes, at, source, destination, protocol, payloadLength, hopLimit);
    }
}
