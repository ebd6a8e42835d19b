package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.net.Offload;
import org.lodgevm.net.Offload.Segmentation;

/** What stands before each frame in a queue: its {@link Offload} as virtio writes it. @virtio 5.1.6 */
final class PacketHeader {
    static final int SIZE = 12;

    private static final int FLAGS = 0;
    private static final int GSO_TYPE = 1;
    private static final int HDR_LEN = 2;
    private static final int GSO_SIZE = 4;
    private static final int CSUM_START = 6;
    private static final int CSUM_OFFSET = 8;
    private static final int NUM_BUFFERS = 10;

    private static final int NEEDS_CSUM = 1;
    private static final int GSO_TCPV4 = 1;
    private static final int GSO_TCPV6 = 4;
    private static final int GSO_ECN = 0x80;

    private PacketHeader() {}

    /** @param bytes of a header that a driver wrote */
    static Offload read(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if ((header.get(FLAGS) & NEEDS_CSUM) == 0) {
            return Offload.NONE; // cutting up needs checksums, too
        }
        Segmentation segmentation = switch (header.get(GSO_TYPE) & ~GSO_ECN & 0xff) {
            case GSO_TCPV4 -> Segmentation.TCP4;
            case GSO_TCPV6 -> Segmentation.TCP6;
            default -> Segmentation.NONE;
        };
        return new Offload(
                unsigned(header, CSUM_START), unsigned(header, CSUM_OFFSET), segmentation, unsigned(header, HDR_LEN), unsigned(header, GSO_SIZE));
    }

    private static int unsigned(ByteBuffer header, int field) {
        return Short.toUnsignedInt(header.getShort(field));
    }

    /** @param buffers that the frame takes */
    static byte[] write(Offload offload, int buffers) {
        ByteBuffer header = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        if (offload.needsChecksum()) {
            header.put(FLAGS, (byte) NEEDS_CSUM);
            header.putShort(CSUM_START, (short) offload.checksumStart());
            header.putShort(CSUM_OFFSET, (short) offload.checksumOffset());
        }
        if (offload.needsSegmentation()) {
            header.put(GSO_TYPE, (byte) (offload.segmentation() == Segmentation.TCP4 ? GSO_TCPV4 : GSO_TCPV6));
            header.putShort(HDR_LEN, (short) offload.headerLength());
            header.putShort(GSO_SIZE, (short) offload.segmentSize());
        }
        header.putShort(NUM_BUFFERS, (short) buffers);
        return header.array();
    }
}
