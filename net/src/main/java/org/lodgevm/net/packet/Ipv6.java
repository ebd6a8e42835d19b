package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/**
 * An IPv6 packet with the extension headers in front of its payload. One that is to be routed by its source, or that pretends to
 * carry an IPv4 address, counts as damaged.
 *
 * @rfc 8200, @rfc 5095
 */
public final class Ipv6 implements IpPacket {
    public static final int HEADER_SIZE = 40;
    public static final int FRAGMENT_HEADER_SIZE = 8;

    private static final int VERSION_CLASS_FLOW = 0;
    private static final int PAYLOAD_LENGTH = 4;
    private static final int NEXT_HEADER = 6;
    private static final int HOP_LIMIT = 7;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;

    private static final int VERSION = 6;

    /** Extension headers. */
    private static final int HOP_BY_HOP = 0;

    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;

    /** In all of them: what follows, then for all but the fragment header the length in units of 8 bytes after the first. */
    private static final int EXTENSION_LENGTH = 1;

    private static final int EXTENSION_UNIT = 8;
    private static final int SEGMENTS_LEFT = 3;

    /** In the fragment header. */
    private static final int FRAGMENT_OFFSET = 2;

    private static final int FRAGMENT_ID = 4;
    private static final int OFFSET = 0xfff8;
    private static final int MORE_FRAGMENTS = 1;

    private final ByteBuffer bytes;
    private final int at;
    private int protocol;
    private int payloadAt;
    /** Where the fragment header is; 0 if there is none. */
    private int fragmentAt;

    private Ipv6(ByteBuffer bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    public static Ipv6 parse(ByteBuffer bytes, int at, int end) {
        if (end - at < HEADER_SIZE || bytes.get(at) >> 4 != VERSION) {
            return null;
        }
        Ipv6 packet = new Ipv6(bytes, at);
        boolean valid = packet.end() <= end
                && !packet.source().isV4()
                && !packet.destination().isV4()
                && packet.findPayload()
                && packet.fragmentOffset() + packet.payloadLength() <= 0xffff;
        return valid ? packet : null;
    }

    /** Walks over the extension headers. Each takes at least 8 bytes, so that this ends. @return false if they are malformed */
    private boolean findPayload() {
        protocol = bytes.get(at + NEXT_HEADER) & 0xff;
        payloadAt = at + HEADER_SIZE;
        while (isExtension(protocol)) {
            if (end() - payloadAt < EXTENSION_UNIT) {
                return false;
            }
            int size = EXTENSION_UNIT;
            if (protocol == FRAGMENT) {
                if (fragmentAt != 0) {
                    return false;
                }
                fragmentAt = payloadAt;
            } else {
                size += (bytes.get(payloadAt + EXTENSION_LENGTH) & 0xff) * EXTENSION_UNIT;
                if (protocol == ROUTING && bytes.get(payloadAt + SEGMENTS_LEFT) != 0) {
                    return false;
                }
            }
            protocol = bytes.get(payloadAt) & 0xff;
            payloadAt += size;
            if (fragmentOffset() > 0) {
                break; // what follows is not a header
            }
        }
        return payloadAt <= end();
    }

    private static boolean isExtension(int nextHeader) {
        return switch (nextHeader) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    private int end() {
        return at + HEADER_SIZE + (bytes.getShort(at + PAYLOAD_LENGTH) & 0xffff);
    }

    @Override
    public ByteBuffer bytes() {
        return bytes;
    }

    @Override
    public int at() {
        return at;
    }

    @Override
    public IpAddress source() {
        return IpAddress.readV6(bytes, at + SOURCE);
    }

    @Override
    public IpAddress destination() {
        return IpAddress.readV6(bytes, at + DESTINATION);
    }

    @Override
    public int hopLimit() {
        return bytes.get(at + HOP_LIMIT) & 0xff;
    }

    @Override
    public int protocol() {
        return protocol;
    }

    @Override
    public int payloadAt() {
        return payloadAt;
    }

    @Override
    public int payloadLength() {
        return end() - payloadAt;
    }

    @Override
    public int fragmentOffset() {
        return fragmentAt == 0 ? 0 : bytes.getShort(fragmentAt + FRAGMENT_OFFSET) & OFFSET;
    }

    @Override
    public boolean moreFragments() {
        return fragmentAt != 0 && (bytes.getShort(fragmentAt + FRAGMENT_OFFSET) & MORE_FRAGMENTS) != 0;
    }

    @Override
    public int identification() {
        return fragmentAt == 0 ? 0 : bytes.getInt(fragmentAt + FRAGMENT_ID);
    }

    static int write(ByteBuffer bytes, int at, IpAddress source, IpAddress destination, int nextHeader, int payloadLength,
            int hopLimit) {
        bytes.putInt(at + VERSION_CLASS_FLOW, VERSION << 28);
        bytes.put(at + NEXT_HEADER, (byte) nextHeader);
        bytes.put(at + HOP_LIMIT, (byte) hopLimit);
        source.write(bytes, at + SOURCE);
        destination.write(bytes, at + DESTINATION);
        resize(bytes, at, payloadLength);
        return at + HEADER_SIZE;
    }

    /** Writes an IPv6 header and that of a fragment. @param offset in bytes */
    public static int writeFragment(ByteBuffer bytes, int at, IpAddress source, IpAddress destination, int nextHeader,
            int payloadLength, int hopLimit, int identification, int offset, boolean more) {
        int fragment = write(bytes, at, source, destination, FRAGMENT, FRAGMENT_HEADER_SIZE + payloadLength, hopLimit);
        bytes.putShort(fragment, (short) (nextHeader << 8));
        bytes.putShort(fragment + FRAGMENT_OFFSET, (short) (offset | (more ? MORE_FRAGMENTS : 0)));
        bytes.putInt(fragment + FRAGMENT_ID, identification);
        return fragment + FRAGMENT_HEADER_SIZE;
    }

    /** Corrects a copy of a header for another payload. @param payloadLength what follows the first 40 bytes */
    public static void resize(ByteBuffer bytes, int at, int payloadLength) {
        bytes.putShort(at + PAYLOAD_LENGTH, (short) payloadLength);
    }
}
