package org.lodgevm.devices.virtio.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.devices.virtio.queue.GuestBuffer;

/** What stands at the beginning of a request. @virtio 5.2.6 */
record BlockRequest(int type, long sector) {
    private static final int SIZE = 16;
    private static final int TYPE = 0;
    private static final int SECTOR = 8;

    /** Kinds of requests. */
    static final int IN = 0;

    static final int OUT = 1;
    static final int FLUSH = 4;
    static final int GET_ID = 8;
    static final int DISCARD = 11;
    static final int WRITE_ZEROES = 13;

    /** What becomes of a request: its last byte. */
    static final byte OK = 0;

    static final byte IO_ERROR = 1;
    static final byte UNSUPPORTED = 2;

    /** @throws org.lodgevm.devices.virtio.queue.QueueFault if there is none */
    static BlockRequest read(GuestBuffer from) {
        ByteBuffer header = ByteBuffer.wrap(from.read(SIZE)).order(ByteOrder.LITTLE_ENDIAN);
        return new BlockRequest(header.getInt(TYPE), header.getLong(SECTOR));
    }

    /** A range to discard or zero. */
    record Segment(long sector, long sectors, int flags) {
        static final int SIZE = 16;
        static final int UNMAP = 1;
        private static final int SECTORS = 8;
        private static final int FLAGS = 12;

        static Segment read(GuestBuffer from) {
            ByteBuffer bytes = ByteBuffer.wrap(from.read(SIZE)).order(ByteOrder.LITTLE_ENDIAN);
            return new Segment(bytes.getLong(0), Integer.toUnsignedLong(bytes.getInt(SECTORS)), bytes.getInt(FLAGS));
        }
    }
}
