package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** An ARP packet for IPv4 over Ethernet, or one of RARP, which has its form. @rfc 826, @rfc 903 */
public final class Arp {
    public static final int SIZE = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;
    public static final int REVERSE_REQUEST = 3;

    private static final int HARDWARE = 0;
    private static final int PROTOCOL = 2;
    private static final int LENGTHS = 4;
    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_IP = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_IP = 24;

    private static final int ETHERNET = 1;
    /** Sizes of an Ethernet and of an IPv4 address. */
    private static final int SIX_AND_FOUR = MacAddress.SIZE << 8 | IpAddress.V4_SIZE;

    private final ByteBuffer bytes;
    private final int at;

    private Arp(ByteBuffer bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    public static Arp parse(ByteBuffer bytes, int at, int end) {
        boolean valid = end - at >= SIZE
                && bytes.getShort(at + HARDWARE) == ETHERNET
                && bytes.getShort(at + PROTOCOL) == Ethernet.IPV4
                && bytes.getShort(at + LENGTHS) == SIX_AND_FOUR;
        return valid ? new Arp(bytes, at) : null;
    }

    public int operation() {
        return bytes.getShort(at + OPERATION) & 0xffff;
    }

    public MacAddress senderMac() {
        return MacAddress.read(bytes, at + SENDER_MAC);
    }

    public IpAddress senderIp() {
        return IpAddress.readV4(bytes, at + SENDER_IP);
    }

    public IpAddress targetIp() {
        return IpAddress.readV4(bytes, at + TARGET_IP);
    }

    /** @param targetMac whom a reply is for; in a request, nobody has read it yet */
    public static void write(ByteBuffer bytes, int at, int operation, MacAddress senderMac, IpAddress senderIp,
            MacAddress targetMac, IpAddress targetIp) {
        bytes.putShort(at + HARDWARE, (short) ETHERNET);
        bytes.putShort(at + PROTOCOL, (short) Ethernet.IPV4);
        bytes.putShort(at + LENGTHS, (short) SIX_AND_FOUR);
        bytes.putShort(at + OPERATION, (short) operation);
        senderMac.write(bytes, at + SENDER_MAC);
        senderIp.write(bytes, at + SENDER_IP);
        targetMac.write(bytes, at + TARGET_MAC);
        targetIp.write(bytes, at + TARGET_IP);
    }
}
