package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** An IPv4 packet whose header is intact. @rfc 791 3.1 */
public final class Ipv4 implements IpPacket {
    public static final int HEADER_SIZE = 20;

    private static final int VERSION_AND_LENGTH = 0;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FLAGS_AND_OFFSET = 6;
    private static final int TIME_TO_LIVE = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    private static final int VERSION = 4;
    /** A header without options: its length in words of 4 bytes. */
    private static final int WORDS = HEADER_SIZE / 4;

    private static final int DONT_FRAGMENT = 1 << 14;
    private static final int MORE_FRAGMENTS = 1 << 13;
    private static final int OFFSET = MORE_FRAGMENTS - 1;

    private final ByteBuffer bytes;
    private final int at;

    private Ipv4(ByteBuffer bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    public static Ipv4 parse(ByteBuffer bytes, int at, int end) {
        if (end - at < HEADER_SIZE || bytes.get(at) >> 4 != VERSION) {
            return null;
        }
        Ipv4 packet = new Ipv4(bytes, at);
        int header = packet.headerLength();
        boolean valid = header >= HEADER_SIZE
                && packet.totalLength() >= header
                && packet.totalLength() <= end - at
                && packet.fragmentOffset() + packet.payloadLength() <= 0xffff
                && Checksum.isIntact(Checksum.sum(bytes, at, header));
        return valid ? packet : null;
    }

    private int headerLength() {
        return (bytes.get(at + VERSION_AND_LENGTH) & 0xf) * 4;
    }

    private int totalLength() {
        return bytes.getShort(at + TOTAL_LENGTH) & 0xffff;
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
        return IpAddress.readV4(bytes, at + SOURCE);
    }

    @Override
    public IpAddress destination() {
        return IpAddress.readV4(bytes, at + DESTINATION);
    }

    @Override
    public int hopLimit() {
        return bytes.get(at + TIME_TO_LIVE) & 0xff;
    }

    @Override
    public int protocol() {
        return bytes.get(at + PROTOCOL) & 0xff;
    }

    @Override
    public int payloadAt() {
        return at + headerLength();
    }

    @Override
    public int payloadLength() {
        return totalLength() - headerLength();
    }

    @Override
    public int fragmentOffset() {
        return (bytes.getShort(at + FLAGS_AND_OFFSET) & OFFSET) * FRAGMENT_UNIT;
    }

    @Override
    public boolean moreFragments() {
        return (bytes.getShort(at + FLAGS_AND_OFFSET) & MORE_FRAGMENTS) != 0;
    }

    @Override
    public int identification() {
        return bytes.getShort(at + IDENTIFICATION) & 0xffff;
    }

    /** Writes the header of a packet that is not to be fragmented, and therefore needs no identification. @rfc 6864 4.1 */
    static int write(ByteBuffer bytes, int at, IpAddress source, IpAddress destination, int protocol, int payloadLength,
            int timeToLive) {
        return write(bytes, at, source, destination, protocol, payloadLength, timeToLive, 0, DONT_FRAGMENT);
    }

    /** Writes the header of a fragment. @param offset in bytes */
    public static int writeFragment(ByteBuffer bytes, int at, IpAddress source, IpAddress destination, int protocol,
            int payloadLength, int timeToLive, int identification, int offset, boolean more) {
        int flags = (more ? MORE_FRAGMENTS : 0) | offset / FRAGMENT_UNIT;
        return write(bytes, at, source, destination, protocol, payloadLength, timeToLive, identification, flags);
    }

    private static int write(ByteBuffer bytes, int at, IpAddress source, IpAddress destination, int protocol,
            int payloadLength, int timeToLive, int identification, int flagsAndOffset) {
        bytes.putShort(at + VERSION_AND_LENGTH, (short) ((VERSION << 4 | WORDS) << 8));
        bytes.putShort(at + TOTAL_LENGTH, (short) (HEADER_SIZE + payloadLength));
        bytes.putShort(at + IDENTIFICATION, (short) identification);
        bytes.putShort(at + FLAGS_AND_OFFSET, (short) flagsAndOffset);
        bytes.put(at + TIME_TO_LIVE, (byte) timeToLive);
        bytes.put(at + PROTOCOL, (byte) protocol);
        bytes.putInt(at + SOURCE, source.v4());
        bytes.putInt(at + DESTINATION, destination.v4());
        checksum(bytes, at, HEADER_SIZE);
        return at + HEADER_SIZE;
    }

    private static void checksum(ByteBuffer bytes, int at, int headerLength) {
        bytes.putShort(at + CHECKSUM, (short) 0);
        bytes.putShort(at + CHECKSUM, Checksum.finish(Checksum.sum(bytes, at, headerLength)));
    }

    /** Corrects a copy of a header with options for another payload. */
    public static void resize(ByteBuffer bytes, int at, int headerLength, int payloadLength, int identification) {
        bytes.putShort(at + TOTAL_LENGTH, (short) (headerLength + payloadLength));
        bytes.putShort(at + IDENTIFICATION, (short) identification);
        checksum(bytes, at, headerLength);
    }
}
