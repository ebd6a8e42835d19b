package org.lodgevm.storage.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.lodgevm.storage.BlockImage;

/**
 * One client: the negotiation, then transmission.
 *
 * @nbd "Option haggling"
 */
final class ServerSession {
    private static final int MOST_OPTION = 1 << 14;
    /** A client that haggles longer is up to no good. */
    private static final int MOST_OPTIONS = 1000;
    private static final int PADDING = 124;
    private static final int CONTEXT = 1;
    private static final int LIKED_BLOCK = 4096;

    private final SocketChannel socket;
    private final Wire wire;
    private final Map<String, BlockImage> exports;
    private final Semaphore memory;
    private boolean structured;
    private boolean noZeroes;
    /** The export for which the client asked to be told of holes. */
    private String allocationOf;

    /** @param memory what the requests of all clients may hold, in pages */
    ServerSession(SocketChannel socket, Map<String, BlockImage> exports, Semaphore memory) {
        this.socket = socket;
        this.wire = new Wire(socket);
        this.exports = exports;
        this.memory = memory;
    }

    /** Until the client leaves or talks nonsense. */
    void run() throws IOException {
        try (socket) {
            wire.send(ByteBuffer.allocate(18).putLong(Nbd.MAGIC).putLong(Nbd.OPTION_MAGIC)
                    .putShort((short) (Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES)).flip());
            noZeroes = (wire.receive(4).getInt() & Nbd.NO_ZEROES) != 0;
            String chosen = null;
            for (int i = 0; i < MOST_OPTIONS && chosen == null; i++) {
                ByteBuffer head = wire.receive(16);
                long magic = head.getLong();
                int option = head.getInt();
                int length = head.getInt();
                if (magic != Nbd.OPTION_MAGIC || length < 0 || length > MOST_OPTION || option == Nbd.OPT_ABORT) {
                    return;
                }
                chosen = answer(option, wire.receive(length));
            }
            // Of an export that is not there the old way tells nothing but by hanging up.
            if (chosen != null && exports.containsKey(chosen)) {
                new Transmission(wire, exports.get(chosen), structured, chosen.equals(allocationOf), memory).run();
            }
        }
    }

    void close() throws IOException {
        socket.close();
    }

    /** @return the name of the export with which transmission begins, or null */
    private String answer(int option, ByteBuffer data) throws IOException {
        switch (option) {
            case Nbd.OPT_EXPORT_NAME -> {
                return beginByName(UTF_8.decode(data).toString());
            }
            case Nbd.OPT_GO, Nbd.OPT_INFO -> {
                return tell(option, data);
            }
            case Nbd.OPT_LIST -> list(data);
            case Nbd.OPT_STRUCTURED_REPLY -> {
                structured = !data.hasRemaining();
                reply(option, structured ? Nbd.REP_ACK : Nbd.REP_ERR_INVALID, ByteBuffer.allocate(0));
            }
            case Nbd.OPT_SET_META_CONTEXT, Nbd.OPT_LIST_META_CONTEXT -> contexts(option, data);
            default -> reply(option, Nbd.REP_ERR_UNSUP, ByteBuffer.allocate(0));
        }
        return null;
    }

    private void reply(int option, int type, ByteBuffer data) throws IOException {
        wire.send(ByteBuffer.allocate(20).putLong(Nbd.OPTION_REPLY_MAGIC).putInt(option).putInt(type).putInt(data.remaining()).flip(), data);
    }

    /** The old way, which knows no refusal but to hang up. */
    private String beginByName(String name) throws IOException {
        BlockImage image = exports.get(name);
        if (image != null) {
            ByteBuffer answer = ByteBuffer.allocate(10 + (noZeroes ? 0 : PADDING)).putLong(image.size()).putShort((short) flags(image));
            wire.send(answer.clear());
        }
        return name;
    }

    private static int flags(BlockImage image) {
        return Nbd.FLAG_HAS_FLAGS | Nbd.FLAG_SEND_FLUSH | Nbd.FLAG_SEND_FUA | Nbd.FLAG_CAN_MULTI_CONN
                | (image.isReadOnly() ? Nbd.FLAG_READ_ONLY : Nbd.FLAG_SEND_TRIM | Nbd.FLAG_SEND_WRITE_ZEROES);
    }

    private static String name(ByteBuffer data) {
        int length = data.remaining() < 4 ? -1 : data.getInt();
        if (length < 0 || length > Math.min(Nbd.MOST_NAME, data.remaining())) {
            return null;
        }
        byte[] name = new byte[length];
        data.get(name);
        return new String(name, UTF_8);
    }

    private String tell(int option, ByteBuffer data) throws IOException {
        String name = name(data);
        if (name == null) {
            reply(option, Nbd.REP_ERR_INVALID, UTF_8.encode("the request is cut off"));
            return null;
        }
        BlockImage image = exports.get(name);
        if (image == null) {
            reply(option, Nbd.REP_ERR_UNKNOWN, UTF_8.encode("there is no export '%s'".formatted(name)));
            return null;
        }
        reply(option, Nbd.REP_INFO, ByteBuffer.allocate(12).putShort((short) Nbd.INFO_EXPORT).putLong(image.size()).putShort((short) flags(image)).flip());
        reply(option, Nbd.REP_INFO, ByteBuffer.allocate(14).putShort((short) Nbd.INFO_BLOCK_SIZE).putInt(1).putInt(LIKED_BLOCK).putInt(Nbd.MOST_DATA).flip());
        reply(option, Nbd.REP_ACK, ByteBuffer.allocate(0));
        return option == Nbd.OPT_GO ? name : null;
    }

    private void list(ByteBuffer data) throws IOException {
        if (data.hasRemaining()) {
            reply(Nbd.OPT_LIST, Nbd.REP_ERR_INVALID, ByteBuffer.allocate(0));
            return;
        }
        for (String name : exports.keySet()) {
            byte[] text = name.getBytes(UTF_8);
            reply(Nbd.OPT_LIST, Nbd.REP_SERVER, ByteBuffer.allocate(4 + text.length).putInt(text.length).put(text).flip());
        }
        reply(Nbd.OPT_LIST, Nbd.REP_ACK, ByteBuffer.allocate(0));
    }

    /** @nbd "Metadata querying" */
    private void contexts(int option, ByteBuffer data) throws IOException {
        String export = name(data);
        if (export == null || data.remaining() < 4 || !structured) {
            reply(option, Nbd.REP_ERR_INVALID, ByteBuffer.allocate(0));
            return;
        }
        long queries = Integer.toUnsignedLong(data.getInt());
        boolean wanted = queries == 0 && option == Nbd.OPT_LIST_META_CONTEXT;
        for (long i = 0; i < queries; i++) {
            String query = name(data);
            if (query == null) {
                reply(option, Nbd.REP_ERR_INVALID, ByteBuffer.allocate(0));
                return;
            }
            wanted |= Nbd.BASE_ALLOCATION.equals(query) || "base:".equals(query) && option == Nbd.OPT_LIST_META_CONTEXT;
        }
        if (wanted) {
            byte[] context = Nbd.BASE_ALLOCATION.getBytes(UTF_8);
            reply(option, Nbd.REP_META_CONTEXT, ByteBuffer.allocate(4 + context.length).putInt(CONTEXT).put(context).flip());
        }
        if (option == Nbd.OPT_SET_META_CONTEXT) {
            allocationOf = wanted ? export : null;
        }
        reply(option, Nbd.REP_ACK, ByteBuffer.allocate(0));
    }
}
