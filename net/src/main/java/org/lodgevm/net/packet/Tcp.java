package org.lodgevm.net.packet;

import java.nio.ByteBuffer;

/** A TCP segment. @rfc 9293 3.1 */
public final class Tcp {
    public static final int HEADER_SIZE = 20;
    public static final int MAX_HEADER_SIZE = 60;

    private static final int SOURCE = 0;
    private static final int DESTINATION = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int OFFSET_AND_FLAGS = 12;
    private static final int WINDOW = 14;
    public static final int CHECKSUM = 16;
    private static final int URGENT = 18;

    public static final int FIN = 1;
    public static final int SYN = 1 << 1;
    public static final int RST = 1 << 2;
    public static final int PSH = 1 << 3;
    public static final int ACK = 1 << 4;
    private static final int FLAGS = 0xff;
    private static final int OFFSET_SHIFT = 12;

    private final ByteBuffer bytes;
    private final int at;
    private final int length;

    private Tcp(ByteBuffer bytes, int at, int length) {
        this.bytes = bytes;
        this.at = at;
        this.length = length;
    }

    /** @param verify whether to look at the checksum */
    public static Tcp parse(IpPacket packet, boolean verify) {
        if (packet.payloadLength() < HEADER_SIZE) {
            return null;
        }
        Tcp segment = new Tcp(packet.bytes(), packet.payloadAt(), packet.payloadLength());
        boolean valid = segment.headerLength() >= HEADER_SIZE
                && segment.headerLength() <= segment.length
                && (!verify || Checksum.isIntact(packet));
        return valid ? segment : null;
    }

    private int offsetAndFlags() {
        return bytes.getShort(at + OFFSET_AND_FLAGS) & 0xffff;
    }

    public ByteBuffer bytes() {
        return bytes;
    }

    public int headerLength() {
        return (offsetAndFlags() >> OFFSET_SHIFT) * 4;
    }

    public int sourcePort() {
        return bytes.getShort(at + SOURCE) & 0xffff;
    }

    public int destinationPort() {
        return bytes.getShort(at + DESTINATION) & 0xffff;
    }

    public int sequence() {
        return bytes.getInt(at + SEQUENCE);
    }

    public int acknowledgment() {
        return bytes.getInt(at + ACKNOWLEDGMENT);
    }

    public int flags() {
        return offsetAndFlags() & FLAGS;
    }

    public boolean has(int flag) {
        return (flags() & flag) != 0;
    }

    /** As it stands there, not scaled. */
    public int window() {
        return bytes.getShort(at + WINDOW) & 0xffff;
    }

    public int optionsAt() {
        return at + HEADER_SIZE;
    }

    public int payloadAt() {
        return at + headerLength();
    }

    public int payloadLength() {
        return length - headerLength();
    }

    /** How many sequence numbers it takes: SEG.LEN. */
    public int sequenceLength() {
        return payloadLength() + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    /** Writes a header whose options are there already, without the checksum. */
    public static void write(ByteBuffer bytes, int at, int sourcePort, int destinationPort, int sequence, int acknowledgment,
            int flags, int window, int optionsLength) {
        bytes.putShort(at + SOURCE, (short) sourcePort);
        bytes.putShort(at + DESTINATION, (short) destinationPort);
        bytes.putInt(at + SEQUENCE, sequence);
        bytes.putInt(at + ACKNOWLEDGMENT, acknowledgment);
        bytes.putShort(at + OFFSET_AND_FLAGS, (short) ((HEADER_SIZE + optionsLength) / 4 << OFFSET_SHIFT | flags));
        bytes.putShort(at + WINDOW, (short) window);
        bytes.putShort(at + CHECKSUM, (short) 0);
        bytes.putShort(at + URGENT, (short) 0);
    }

    /** Writes the checksum of a complete segment. */
    public static void checksum(ByteBuffer bytes, int at, int length, IpAddress source, IpAddress destination) {
        bytes.putShort(at + CHECKSUM, (short) 0);
        bytes.putShort(at + CHECKSUM, Checksum.finish(Checksum.pseudoHeader(source, destination, IpPacket.TCP, length)
                + Checksum.sum(bytes, at, length)));
    }

    /** Writes what a checksum begins with, for somebody else to finish. */
    public static void checksumLater(ByteBuffer bytes, int at, int length, IpAddress source, IpAddress destination) {
        long sum = Checksum.pseudoHeader(source, destination, IpPacket.TCP, length);
        bytes.putShort(at + CHECKSUM, (short) Checksum.fold(sum));
    }

    /** Makes one of the segments that a large one is cut into. */
    public static void cut(ByteBuffer bytes, int at, int sequence, boolean first, boolean last) {
        bytes.putInt(at + SEQUENCE, sequence);
        int offsetAndFlags = bytes.getShort(at + OFFSET_AND_FLAGS);
        int kept = last ? -1 : ~(FIN | PSH);
        bytes.putShort(at + OFFSET_AND_FLAGS, (short) (offsetAndFlags & kept & (first ? -1 : ~CWR)));
    }

    /** Congestion window reduced: once is enough. @rfc 3168 6.1.2 */
    private static final int CWR = 1 << 7;
}
