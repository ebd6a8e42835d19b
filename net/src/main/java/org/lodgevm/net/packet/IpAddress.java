package org.lodgevm.net.packet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An address of IPv6, or of IPv4 as the IPv6 address that is mapped to it, {@code ::ffff:a.b.c.d}.
 *
 * @rfc 4291 2.5.5.2
 */
public record IpAddress(long high, long low) {
    public static final int V4_SIZE = 4;
    public static final int V6_SIZE = 16;
    public static final IpAddress V6_UNSPECIFIED = new IpAddress(0, 0);
    public static final IpAddress V4_UNSPECIFIED = v4(0);
    public static final IpAddress V4_BROADCAST = v4(-1);

    private static final long MAPPED = 0xffffL << 32;
    private static final long LINK_LOCAL = 0xfe80L << 48;
    private static final long LINK_LOCAL_MASK = 0xffc0L << 48;

    /** Where a host listens for solicitations of its address, above the address's last 24 bits. @rfc 4291 2.7.1 */
    private static final IpAddress SOLICITED_NODE = new IpAddress(0xff02L << 48, 0x1_ff00_0000L);

    public static IpAddress v4(int address) {
        return new IpAddress(0, MAPPED | address & 0xffff_ffffL);
    }

    public static IpAddress readV4(ByteBuffer bytes, int at) {
        return v4(bytes.getInt(at));
    }

    public static IpAddress readV6(ByteBuffer bytes, int at) {
        return new IpAddress(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
    }

    /** A Java address's scope is left out. */
    public static IpAddress of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address ? readV4(bytes, 0) : readV6(bytes, 0);
    }

    /** @param text a literal, not a name */
    public static IpAddress parse(String text) {
        try {
            return of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no IP address", e);
        }
    }

    /** Also true of an IPv6 packet's address that is mapped: whoever takes addresses from packets keeps such packets out. */
    public boolean isV4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    public int v4() {
        return (int) low;
    }

    public InetAddress toInetAddress() {
        byte[] bytes = new byte[isV4() ? V4_SIZE : V6_SIZE];
        write(ByteBuffer.wrap(bytes), 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // only for other lengths
        }
    }

    /** Writes 4 or 16 bytes. */
    public void write(ByteBuffer bytes, int at) {
        if (isV4()) {
            bytes.putInt(at, v4());
        } else {
            bytes.putLong(at, high);
            bytes.putLong(at + Long.BYTES, low);
        }
    }

    /** Whether this and another address have the same network. @param prefix bits of the IPv4 or IPv6 address */
    public boolean sharesPrefix(IpAddress other, int prefix) {
        int bits = isV4() ? prefix + 96 : prefix;
        long differentHigh = high ^ other.high;
        long differentLow = low ^ other.low;
        return bits <= 64
                ? bits == 0 || differentHigh >>> 64 - bits == 0
                : differentHigh == 0 && (bits == 64 || differentLow >>> 128 - bits == 0);
    }

    public boolean isUnspecified() {
        return equals(V4_UNSPECIFIED) || equals(V6_UNSPECIFIED);
    }

    /** The IPv4 broadcast to everybody is none. */
    public boolean isMulticast() {
        return isV4() ? v4() >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    public boolean isLoopback() {
        return isV4() ? v4() >>> 24 == 127 : high == 0 && low == 1;
    }

    public boolean isLinkLocal() {
        return isV4() ? v4() >>> 16 == 0xa9fe : (high & LINK_LOCAL_MASK) == LINK_LOCAL;
    }

    public IpAddress solicitedNode() {
        return new IpAddress(SOLICITED_NODE.high, SOLICITED_NODE.low | low & 0xff_ffff);
    }

    @Override
    public String toString() {
        return toInetAddress().getHostAddress();
    }
}
