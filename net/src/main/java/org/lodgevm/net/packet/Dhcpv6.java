package org.lodgevm.net.packet;

import java.nio.ByteBuffer;
import java.util.List;

/** A DHCPv6 message between client and server. @rfc 8415 8, 21 */
public final class Dhcpv6 {
    public static final int SERVER_PORT = 547;
    public static final int CLIENT_PORT = 546;

    /** All_DHCP_Relay_Agents_and_Servers. */
    public static final IpAddress SERVERS = IpAddress.parse("ff02::1:2");

    /** Message types. */
    public static final int REPLY = 7;

    public static final int INFORMATION_REQUEST = 11;

    /** Options. */
    public static final int CLIENT_ID = 1;

    public static final int SERVER_ID = 2;
    public static final int DNS_SERVERS = 23;

    private static final int OPTIONS = 4;
    private static final int OPTION_HEADER = 4;
    private static final int DUID_LINK_ADDRESS = 3;
    private static final int HARDWARE_ETHERNET = 1;

    /** Longer ones are none. @rfc 8415 11.1 */
    private static final int MAX_DUID = 130;

    private final ByteBuffer bytes;

    private Dhcpv6(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** @param bytes from 0 to the limit */
    public static Dhcpv6 parse(ByteBuffer bytes) {
        if (bytes.limit() < OPTIONS) {
            return null;
        }
        int at = OPTIONS;
        while (bytes.limit() - at >= OPTION_HEADER) {
            at += OPTION_HEADER + (bytes.getShort(at + 2) & 0xffff);
        }
        return at == bytes.limit() ? new Dhcpv6(bytes) : null;
    }

    public int type() {
        return bytes.get(0);
    }

    public int transaction() {
        return bytes.getInt(0) & 0xff_ffff;
    }

    /** An identifier's bytes, or null. */
    public byte[] identifier(int option) {
        byte[] value = option(option);
        return value == null || value.length == 0 || value.length > MAX_DUID ? null : value;
    }

    /** An option's value, or null. */
    public byte[] option(int code) {
        int at = OPTIONS;
        while (at < bytes.limit()) {
            int length = bytes.getShort(at + 2) & 0xffff;
            if ((bytes.getShort(at) & 0xffff) == code) {
                byte[] value = new byte[length];
                bytes.get(at + OPTION_HEADER, value);
                return value;
            }
            at += OPTION_HEADER + length;
        }
        return null;
    }

    /** The identifier of a server that has an Ethernet address. @rfc 8415 11.4 */
    public static byte[] identifierOf(MacAddress address) {
        ByteBuffer duid = ByteBuffer.allocate(4 + MacAddress.SIZE);
        duid.putShort((short) DUID_LINK_ADDRESS).putShort((short) HARDWARE_ETHERNET);
        address.write(duid, 4);
        return duid.array();
    }

    /** Writes from 0 on. @return where options go */
    public static int write(ByteBuffer bytes, int type, int transaction) {
        bytes.putInt(0, type << 24 | transaction);
        return OPTIONS;
    }

    public static int writeOption(ByteBuffer bytes, int at, int code, byte[] value) {
        bytes.putShort(at, (short) code);
        bytes.putShort(at + 2, (short) value.length);
        bytes.put(at + OPTION_HEADER, value);
        return at + OPTION_HEADER + value.length;
    }

    public static int writeAddresses(ByteBuffer bytes, int at, int code, List<IpAddress> addresses) {
        ByteBuffer value = ByteBuffer.allocate(addresses.size() * IpAddress.V6_SIZE);
        for (int i = 0; i < addresses.size(); i++) {
            addresses.get(i).write(value, i * IpAddress.V6_SIZE);
        }
        return writeOption(bytes, at, code, value.array());
    }
}
