package org.lodgevm.net.packet;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A message of IPv6 neighbor discovery: an ICMPv6 message from the link itself, followed by options.
 *
 * @rfc 4861 4, @rfc 8106 5
 */
public final class NeighborDiscovery {
    /** Types. */
    public static final int ROUTER_SOLICITATION = 133;

    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOR_SOLICITATION = 135;
    public static final int NEIGHBOR_ADVERTISEMENT = 136;

    /** The hop limit of a message that no router has forwarded. */
    public static final int HOP_LIMIT = 255;

    /** Flags of a neighbor advertisement, in the message's fifth to eighth byte. */
    public static final int FROM_ROUTER = 1 << 31;

    public static final int SOLICITED = 1 << 30;
    public static final int OVERRIDE = 1 << 29;

    /** Of a router advertisement: addresses are the hosts' own business, DHCPv6 has the rest. */
    public static final int OTHER_CONFIGURATION = 1 << 6;

    /** Options. */
    public static final int SOURCE_LINK_ADDRESS = 1;

    public static final int TARGET_LINK_ADDRESS = 2;
    private static final int PREFIX_INFORMATION = 3;
    private static final int MTU = 5;
    private static final int RDNSS = 25;

    private static final int OPTION_UNIT = 8;
    private static final int ON_LINK_AND_AUTONOMOUS = 0xc0;

    private final Icmp message;
    private final ByteBuffer bytes;

    private NeighborDiscovery(Icmp message, ByteBuffer bytes) {
        this.message = message;
        this.bytes = bytes;
    }

    /** @return null if it is none, came by a router, or has options that do not end where it does. @rfc 4861 6.1.1, 7.1 */
    public static NeighborDiscovery parse(IpPacket packet, Icmp message) {
        int fixed = fixedSize(message.type());
        boolean valid = fixed >= 0
                && packet.hopLimit() == HOP_LIMIT
                && message.code() == 0
                && message.payloadLength() >= fixed
                && optionsEnd(packet.bytes(), message.payloadAt() + fixed, message.payloadAt() + message.payloadLength());
        return valid ? new NeighborDiscovery(message, packet.bytes()) : null;
    }

    /** Bytes after the ICMP header and before options. */
    private static int fixedSize(int type) {
        return switch (type) {
            case ROUTER_SOLICITATION -> 0;
            case ROUTER_ADVERTISEMENT -> 8;
            case NEIGHBOR_SOLICITATION, NEIGHBOR_ADVERTISEMENT -> IpAddress.V6_SIZE;
            default -> -1;
        };
    }

    private static boolean optionsEnd(ByteBuffer bytes, int start, int end) {
        int at = start;
        while (end - at >= OPTION_UNIT && bytes.get(at + 1) != 0) {
            at += (bytes.get(at + 1) & 0xff) * OPTION_UNIT;
        }
        return at == end;
    }

    public int type() {
        return message.type();
    }

    /** Of neighbor messages: whose link address it is about. */
    public IpAddress target() {
        return IpAddress.readV6(bytes, message.payloadAt());
    }

    /** An option's Ethernet address, or null. */
    public MacAddress linkAddress(int option) {
        int end = message.payloadAt() + message.payloadLength();
        int at = message.payloadAt() + fixedSize(type());
        while (at < end) {
            if ((bytes.get(at) & 0xff) == option) {
                return MacAddress.read(bytes, at + 2);
            }
            at += (bytes.get(at + 1) & 0xff) * OPTION_UNIT;
        }
        return null;
    }

    /** @return where the next option goes */
    public static int writeLinkAddress(ByteBuffer bytes, int at, int option, MacAddress address) {
        bytes.put(at, (byte) option);
        bytes.put(at + 1, (byte) 1);
        address.write(bytes, at + 2);
        return at + OPTION_UNIT;
    }

    /** A prefix of 64 bits from which hosts make addresses of their own. @param seconds how long, at most */
    public static int writePrefix(ByteBuffer bytes, int at, IpAddress prefix, int seconds) {
        bytes.put(at, (byte) PREFIX_INFORMATION);
        bytes.put(at + 1, (byte) 4);
        bytes.put(at + 2, (byte) 64);
        bytes.put(at + 3, (byte) ON_LINK_AND_AUTONOMOUS);
        bytes.putInt(at + 4, seconds);
        bytes.putInt(at + 8, seconds);
        bytes.putInt(at + 12, 0);
        bytes.putLong(at + 16, prefix.high());
        bytes.putLong(at + 24, 0);
        return at + 32;
    }

    public static int writeMtu(ByteBuffer bytes, int at, int mtu) {
        bytes.put(at, (byte) MTU);
        bytes.put(at + 1, (byte) 1);
        bytes.putShort(at + 2, (short) 0);
        bytes.putInt(at + 4, mtu);
        return at + OPTION_UNIT;
    }

    /** Recursive DNS servers. */
    public static int writeRdnss(ByteBuffer bytes, int at, List<IpAddress> servers, int seconds) {
        bytes.put(at, (byte) RDNSS);
        bytes.put(at + 1, (byte) (1 + 2 * servers.size()));
        bytes.putShort(at + 2, (short) 0);
        bytes.putInt(at + 4, seconds);
        int next = at + OPTION_UNIT;
        for (IpAddress server : servers) {
            server.write(bytes, next);
            next += IpAddress.V6_SIZE;
        }
        return next;
    }
}
