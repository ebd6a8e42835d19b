package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/**
 * The Internet checksum. Sums are kept wide, with carries not yet added in, so that they can be added to each other.
 *
 * @rfc 1071
 */
public final class Checksum {
    private Checksum() {}

    /** The sum of bytes, the first one uppermost of its 16-bit word. */
    public static long sum(ByteBuffer bytes, int at, int length) {
        long sum = 0;
        int i = at;
        int end = at + length;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long eight = bytes.getLong(i);
            sum += (eight >>> 32) + (eight & 0xffff_ffffL);
        }
        for (; i <= end - Short.BYTES; i += Short.BYTES) {
            sum += bytes.getShort(i) & 0xffff;
        }
        if (i < end) {
            sum += (bytes.get(i) & 0xff) << 8;
        }
        return sum;
    }

    /** The sum of what TCP, UDP and ICMPv6 have checked besides their own bytes. @rfc 9293 3.1, @rfc 8200 8.1 */
    public static long pseudoHeader(IpAddress source, IpAddress destination, int protocol, int length) {
        return sum(source) + sum(destination) + protocol + length;
    }

    private static long sum(IpAddress address) {
        long low = address.low();
        if (address.isV4()) {
            return low & 0xffff_ffffL;
        }
        long high = address.high();
        return (high >>> 32) + (high & 0xffff_ffffL) + (low >>> 32) + (low & 0xffff_ffffL);
    }

    /** Brings a sum to 16 bits. */
    public static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
        folded = (folded >>> 16) + (folded & 0xffff);
        folded = (folded >>> 16) + (folded & 0xffff);
        return (int) ((folded >>> 16) + (folded & 0xffff));
    }

    /** What is to be written where the checksum goes, the bytes there having been 0 in the sum. */
    public static short finish(long sum) {
        return (short) ~fold(sum);
    }

    /** Whether a sum that includes the checksum is that of intact bytes. */
    public static boolean isIntact(long sum) {
        return fold(sum) == 0xffff;
    }

    /** Whether the payload of a packet has the checksum that TCP, UDP and ICMPv6 give it. */
    public static boolean isIntact(IpPacket packet) {
        return isIntact(pseudoHeader(packet.source(), packet.destination(), packet.protocol(), packet.payloadLength())
                + sum(packet.bytes(), packet.payloadAt(), packet.payloadLength()));
    }
}
