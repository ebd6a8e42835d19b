package org.lodgevm.storage.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.UnsupportedImageException;

/**
 * The client's side of the negotiation.
 *
 * @nbd "Newstyle negotiation"
 */
final class ClientHandshake {
    /** What the two agreed upon. @param allocation the number of the context that tells of holes, or -1 */
    record Export(long size, int flags, int smallest, int largest, boolean structured, int allocation) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    private static final int MOST_REPLY = 1 << 16;
    private static final int MOST_REPLIES = 1000;
    /** What is behind its number in a reply that describes the export, and in one about sizes of requests. */
    private static final int EXPORT_LENGTH = 10;

    private static final int BLOCK_SIZE_LENGTH = 12;
    /** Of an export; such that sums of offsets and lengths are numbers. */
    private static final long MOST_BYTES = 1L << 62;

    private final String name;
    private final Wire wire;
    private long size = -1;
    private int flags;
    private int smallest = 1;
    private int largest = Nbd.MOST_DATA;
    private int allocation = -1;

    ClientHandshake(String name, Wire wire) {
        this.name = name;
        this.wire = wire;
    }

    Export perform(String export) throws IOException {
        ByteBuffer greeting = wire.receive(18);
        if (greeting.getLong() != Nbd.MAGIC || greeting.getLong() != Nbd.OPTION_MAGIC) {
            throw new UnsupportedImageException(name, "whoever answers there is no NBD server, or one of before 2012");
        }
        int handshake = greeting.getShort();
        if ((handshake & Nbd.FIXED_NEWSTYLE) == 0) {
            throw new UnsupportedImageException(name, "the server does not do the fixed newstyle negotiation");
        }
        wire.send(ByteBuffer.allocate(4).putInt(0, Nbd.FIXED_NEWSTYLE | handshake & Nbd.NO_ZEROES));
        boolean structured = option(Nbd.OPT_STRUCTURED_REPLY, ByteBuffer.allocate(0)) == Nbd.REP_ACK;
        byte[] exportName = export.getBytes(UTF_8);
        if (structured) {
            byte[] context = Nbd.BASE_ALLOCATION.getBytes(UTF_8);
            option(Nbd.OPT_SET_META_CONTEXT, ByteBuffer.allocate(12 + exportName.length + context.length)
                    .putInt(exportName.length).put(exportName).putInt(1).putInt(context.length).put(context).flip());
        }
        int answer = option(Nbd.OPT_GO, ByteBuffer.allocate(8 + exportName.length)
                .putInt(exportName.length).put(exportName).putShort((short) 1).putShort((short) Nbd.INFO_BLOCK_SIZE).flip());
        if (answer != Nbd.REP_ACK || size < 0) {
            throw new StorageException(name, answer == Nbd.REP_ERR_UNKNOWN
                    ? "the server has no export '%s'".formatted(export)
                    : "the server refuses export '%s' (%#x)".formatted(export, answer));
        }
        if (size > MOST_BYTES || size % smallest != 0) {
            throw new StorageException(name, "the server exports %d bytes, in blocks of %d".formatted(size, smallest));
        }
        return new Export(size, flags, smallest, largest, structured, allocation);
    }

    /** @return how the last reply ended it: {@link Nbd#REP_ACK} or an error */
    private int option(int option, ByteBuffer data) throws IOException {
        wire.send(ByteBuffer.allocate(16).putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(data.remaining()).flip(), data);
        for (int i = 0; i < MOST_REPLIES; i++) {
            ByteBuffer head = wire.receive(20);
            long magic = head.getLong();
            int about = head.getInt();
            int type = head.getInt();
            int length = head.getInt();
            if (magic != Nbd.OPTION_REPLY_MAGIC || about != option || length < 0 || length > MOST_REPLY) {
                throw nonsense();
            }
            ByteBuffer reply = wire.receive(length);
            if (type == Nbd.REP_ACK || (type & Nbd.REP_ERROR) != 0) {
                return type;
            }
            take(type, reply);
        }
        throw nonsense();
    }

    private StorageException nonsense() {
        return new StorageException(name, "the server's answer makes no sense");
    }

    private void require(ByteBuffer reply, int length) throws StorageException {
        if (reply.remaining() < length) {
            throw nonsense();
        }
    }

    private void take(int type, ByteBuffer reply) throws IOException {
        if (type == Nbd.REP_META_CONTEXT && reply.remaining() >= 4) {
            allocation = reply.getInt();
        } else if (type == Nbd.REP_INFO && reply.remaining() >= 2) {
            switch (reply.getShort()) {
                case Nbd.INFO_EXPORT -> {
                    require(reply, EXPORT_LENGTH);
                    size = reply.getLong();
                    flags = reply.getShort();
                }
                case Nbd.INFO_BLOCK_SIZE -> {
                    require(reply, BLOCK_SIZE_LENGTH);
                    smallest = reply.getInt();
                    reply.getInt(); // what the server likes best
                    largest = reply.getInt();
                    if (Integer.bitCount(smallest) != 1 || smallest < 1 || smallest > 1 << 16 || largest >= 0 && largest < smallest) {
                        throw new StorageException(name, "the server asks for requests of %d to %d bytes".formatted(smallest, largest));
                    }
                    largest = largest < 0 ? Nbd.MOST_DATA : Math.min(largest, Nbd.MOST_DATA) & -smallest;
                }
                default -> {} // not asked for
            }
        }
    }
}
