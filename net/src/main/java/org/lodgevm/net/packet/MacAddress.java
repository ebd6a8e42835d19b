package org.lodgevm.net.packet;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** An Ethernet address: 48 bits, the first byte uppermost. */
public record MacAddress(long value) {
    public static final int SIZE = 6;
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    /** The group bit: the lowest of the first byte. */
    private static final long GROUP = 1L << 40;

    /** The prefix of addresses that IPv6 multicast goes to, above 32 bits of the IPv6 address. @rfc 2464 7 */
    private static final long IPV6_MULTICAST = 0x3333L << 32;

    /** @param bytes big-endian */
    public static MacAddress read(ByteBuffer bytes, int at) {
        return new MacAddress((bytes.getShort(at) & 0xffffL) << 32 | bytes.getInt(at + 2) & 0xffff_ffffL);
    }

    /** @param bytes big-endian */
    public void write(ByteBuffer bytes, int at) {
        bytes.putShort(at, (short) (value >> 32));
        bytes.putInt(at + 2, (int) value);
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[SIZE];
        write(ByteBuffer.wrap(bytes), 0);
        return bytes;
    }

    /** @param text as {@code 52:54:00:12:34:56} */
    public static MacAddress parse(String text) {
        try {
            byte[] bytes = HexFormat.ofDelimiter(":").parseHex(text);
            if (bytes.length == SIZE) {
                return read(ByteBuffer.wrap(bytes), 0);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("'" + text + "' is no Ethernet address, such as 52:54:00:12:34:56");
    }

    public static MacAddress ofMulticast(IpAddress group) {
        return new MacAddress(IPV6_MULTICAST | group.low() & 0xffff_ffffL);
    }

    /** Broadcast or multicast. */
    public boolean isGroup() {
        return (value & GROUP) != 0;
    }

    /** The lower half of an IPv6 address that a host makes of this. @rfc 4291 2.5.1 */
    public long interfaceIdentifier() {
        return (value >> 24 ^ 1 << 17) << 40 | 0xfffeL << 24 | value & 0xff_ffff;
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(toBytes());
    }
}
