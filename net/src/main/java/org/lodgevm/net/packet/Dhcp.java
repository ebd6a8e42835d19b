package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** A DHCP message of IPv4. @rfc 2131 2, @rfc 2132 */
public final class Dhcp {
    public static final int SERVER_PORT = 67;
    public static final int CLIENT_PORT = 68;

    public static final int BOOT_REQUEST = 1;
    public static final int BOOT_REPLY = 2;

    /** Message types. */
    public static final int DISCOVER = 1;

    public static final int OFFER = 2;
    public static final int REQUEST = 3;
    public static final int DECLINE = 4;
    public static final int ACK = 5;
    public static final int NAK = 6;
    public static final int RELEASE = 7;
    public static final int INFORM = 8;

    /** Options. */
    public static final int SUBNET_MASK = 1;

    public static final int ROUTER = 3;
    public static final int DNS_SERVERS = 6;
    public static final int HOST_NAME = 12;
    public static final int DOMAIN_NAME = 15;
    public static final int INTERFACE_MTU = 26;
    public static final int BROADCAST_ADDRESS = 28;
    public static final int REQUESTED_ADDRESS = 50;
    public static final int LEASE_TIME = 51;
    public static final int MESSAGE_TYPE = 53;
    public static final int SERVER_IDENTIFIER = 54;
    private static final int PAD = 0;
    private static final int END = 255;

    private static final int OP = 0;
    private static final int HARDWARE_TYPE = 1;
    private static final int HARDWARE_LENGTH = 2;
    private static final int XID = 4;
    private static final int FLAGS = 10;
    private static final int CIADDR = 12;
    private static final int YIADDR = 16;
    private static final int SIADDR = 20;
    private static final int CHADDR = 28;
    private static final int COOKIE = 236;
    private static final int OPTIONS = 240;

    private static final int MAGIC_COOKIE = 0x6382_5363;
    private static final int ETHERNET = 1;
    private static final int BROADCAST_FLAG = 1 << 15;

    /** What every client can receive, and some insist on. @rfc 1542 2.1 */
    private static final int MIN_SIZE = 300;

    private final ByteBuffer bytes;

    private Dhcp(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** @param bytes from 0 to the limit */
    public static Dhcp parse(ByteBuffer bytes) {
        boolean valid = bytes.limit() >= OPTIONS
                && bytes.get(HARDWARE_TYPE) == ETHERNET
                && bytes.get(HARDWARE_LENGTH) == MacAddress.SIZE
                && bytes.getInt(COOKIE) == MAGIC_COOKIE;
        return valid ? new Dhcp(bytes) : null;
    }

    public int op() {
        return bytes.get(OP);
    }

    public int xid() {
        return bytes.getInt(XID);
    }

    public boolean wantsBroadcast() {
        return (bytes.getShort(FLAGS) & BROADCAST_FLAG) != 0;
    }

    public IpAddress clientAddress() {
        return IpAddress.readV4(bytes, CIADDR);
    }

    /** The address that a reply gives. */
    public IpAddress yourAddress() {
        return IpAddress.readV4(bytes, YIADDR);
    }

    public MacAddress clientMac() {
        return MacAddress.read(bytes, CHADDR);
    }

    /** 0 if there is none: plain BOOTP. */
    public int messageType() {
        int at = option(MESSAGE_TYPE, 1);
        return at < 0 ? 0 : bytes.get(at);
    }

    /** An option that is an address, or null. */
    public IpAddress address(int option) {
        int at = option(option, IpAddress.V4_SIZE);
        return at < 0 ? null : IpAddress.readV4(bytes, at);
    }

    /** @return where the value of an option is that has at least so many bytes, or -1 */
    private int option(int code, int size) {
        int at = OPTIONS;
        while (at < bytes.limit()) {
            int found = bytes.get(at) & 0xff;
            if (found == END) {
                break;
            } else if (found == PAD) {
                at++;
                continue;
            }
            if (at + 1 >= bytes.limit()) {
                break;
            }
            int length = bytes.get(at + 1) & 0xff;
            if (at + 2 + length > bytes.limit()) {
                break;
            }
            if (found == code && length >= size) {
                return at + 2;
            }
            at += 2 + length;
        }
        return -1;
    }

    /** A message being written, options last. The caller's buffer has room for 576 bytes, the least that a client takes. */
    public static final class Writer {
        private final ByteBuffer bytes;
        private int at = OPTIONS;

        /** @param bytes written from 0 on */
        public Writer(ByteBuffer bytes, int op, int xid, MacAddress client) {
            this.bytes = bytes;
            for (int i = 0; i < OPTIONS; i++) {
                bytes.put(i, (byte) 0);
            }
            bytes.put(OP, (byte) op);
            bytes.put(HARDWARE_TYPE, (byte) ETHERNET);
            bytes.put(HARDWARE_LENGTH, (byte) MacAddress.SIZE);
            bytes.putInt(XID, xid);
            client.write(bytes, CHADDR);
            bytes.putInt(COOKIE, MAGIC_COOKIE);
        }

        /** As the answer to a request. */
        public static Writer replying(ByteBuffer bytes, Dhcp request) {
            Writer writer = new Writer(bytes, BOOT_REPLY, request.xid(), request.clientMac());
            bytes.putShort(FLAGS, request.bytes.getShort(FLAGS));
            return writer;
        }

        public Writer yourAddress(IpAddress address) {
            address.write(bytes, YIADDR);
            return this;
        }

        public Writer clientAddress(IpAddress address) {
            address.write(bytes, CIADDR);
            return this;
        }

        public Writer serverAddress(IpAddress address) {
            address.write(bytes, SIADDR);
            return this;
        }

        public Writer bytes(int code, byte... value) {
            bytes.put(at, (byte) code);
            bytes.put(at + 1, (byte) value.length);
            bytes.put(at + 2, value);
            at += 2 + value.length;
            return this;
        }

        public Writer number(int code, int value) {
            return bytes(code, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value);
        }

        public Writer address(int code, IpAddress address) {
            return number(code, address.v4());
        }

        /** @return the message's length */
        public int end() {
            bytes.put(at++, (byte) END);
            while (at < MIN_SIZE) {
                bytes.put(at++, (byte) PAD);
            }
            return at;
        }
    }
}
