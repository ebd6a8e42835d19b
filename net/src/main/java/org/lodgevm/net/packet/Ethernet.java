package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** An Ethernet II header. @rfc 894 */
public final class Ethernet {
    public static final int HEADER_SIZE = 14;

    /** The least that a frame on a wire has, without its frame check sequence. @see "IEEE 802.3 4A.4.2" */
    public static final int MIN_SIZE = 60;

    /** EtherTypes. */
    public static final int IPV4 = 0x0800;

    public static final int ARP = 0x0806;
    public static final int RARP = 0x8035;
    public static final int IPV6 = 0x86dd;
    public static final int VLAN = 0x8100;

    private static final int SOURCE = 6;
    private static final int TYPE = 12;

    private final ByteBuffer bytes;
    private final int at;

    private Ethernet(ByteBuffer bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    public static Ethernet parse(ByteBuffer bytes) {
        return bytes.remaining() < HEADER_SIZE ? null : new Ethernet(bytes, bytes.position());
    }

    public MacAddress destination() {
        return MacAddress.read(bytes, at);
    }

    public MacAddress source() {
        return MacAddress.read(bytes, at + SOURCE);
    }

    public int type() {
        return bytes.getShort(at + TYPE) & 0xffff;
    }

    public int payloadAt() {
        return at + HEADER_SIZE;
    }

    public static int write(ByteBuffer bytes, int at, MacAddress destination, MacAddress source, int type) {
        destination.write(bytes, at);
        source.write(bytes, at + SOURCE);
        bytes.putShort(at + TYPE, (short) type);
        return at + HEADER_SIZE;
    }
}
