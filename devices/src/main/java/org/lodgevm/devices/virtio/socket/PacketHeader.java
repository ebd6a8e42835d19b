package org.lodgevm.devices.virtio.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.devices.virtio.queue.GuestBuffer;

/** What stands before the data of each packet. @virtio 5.10.6 */
record PacketHeader(
        long sourceCid, long destinationCid, int sourcePort, int destinationPort, int length, int type, int operation, int flags,
        int bufferSize, int forwarded) {
    static final int SIZE = 44;

    static final int TYPE_STREAM = 1;

    /** Operations. */
    static final int REQUEST = 1;

    static final int RESPONSE = 2;
    static final int RESET = 3;
    static final int SHUTDOWN = 4;
    static final int DATA = 5;
    static final int CREDIT_UPDATE = 6;
    static final int CREDIT_REQUEST = 7;

    /** Flags of {@link #SHUTDOWN}: what the sender will not do any more. */
    static final int NO_RECEIVE = 1;

    static final int NO_SEND = 2;

    /** @throws org.lodgevm.devices.virtio.queue.QueueFault if it is not all there */
    static PacketHeader read(GuestBuffer from) {
        ByteBuffer b = ByteBuffer.wrap(from.read(SIZE)).order(ByteOrder.LITTLE_ENDIAN);
        return new PacketHeader(
                b.getLong(), b.getLong(), b.getInt(), b.getInt(), b.getInt(), b.getShort() & 0xffff, b.getShort() & 0xffff, b.getInt(),
                b.getInt(), b.getInt());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(sourceCid).putLong(destinationCid).putInt(sourcePort).putInt(destinationPort).putInt(length)
                .putShort((short) type).putShort((short) operation).putInt(flags).putInt(bufferSize).putInt(forwarded).array();
    }

    /** The ports by which both sides know the connection. */
    Ports ports() {
        return new Ports(destinationPort, sourcePort);
    }

    /** @param host of the host's end. @param guest of the guest's end */
    record Ports(int host, int guest) {}
}
