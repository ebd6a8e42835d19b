package org.lodgevm.fuzz.nbd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.lodgevm.fuzz.Dice;

/** Serves one client at a time, and hangs up before long. */
final class HostileServer implements AutoCloseable {
    private static final int MOST_REQUESTS = 40;
    private static final int DISK = 1 << 20;

    private final ServerSocketChannel listener;
    private volatile Dice dice = new Dice(0);

    HostileServer(SocketAddress address) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        Thread.ofPlatform().daemon().name("fuzz-nbd").start(this::serve);
    }

    /** For the next client. */
    void choices(Dice next) {
        dice = next;
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                new Session(client, dice).run();
            } catch (IOException e) {
                // the client has gone, or this is closed
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** A client. */
    private record Session(SocketChannel client, Dice dice) {
        void run() throws IOException {
            send(ByteBuffer.allocate(18).putLong(Protocol.MAGIC).putLong(Protocol.OPTION_MAGIC).putShort((short) (dice.oneIn(16) ? dice.below(4) : 3)));
            receive(4);
            boolean structured = false;
            for (int option = 0; option != Protocol.OPT_GO;) {
                ByteBuffer head = receive(16);
                option = head.getInt(8);
                receive(head.getInt(12));
                boolean granted = !dice.oneIn(8);
                structured |= option == Protocol.OPT_STRUCTURED_REPLY && granted;
                describe(option);
                reply(option, granted ? Protocol.REP_ACK : Protocol.REP_ERROR | dice.below(8), new byte[0]);
                if (!granted && option == Protocol.OPT_GO) {
                    return;
                }
            }
            for (int i = 0; i < MOST_REQUESTS; i++) {
                request(structured);
            }
        }

        private void describe(int option) throws IOException {
            if (option == Protocol.OPT_SET_META_CONTEXT && !dice.oneIn(8)) {
                reply(option, Protocol.REP_META_CONTEXT, bytes(ByteBuffer.allocate(19).putInt(dice.below(3)).put(Protocol.BASE_ALLOCATION.getBytes(US_ASCII))));
            }
            if (option == Protocol.OPT_GO) {
                long size = dice.oneIn(8) ? dice.number() : DISK + (dice.oneIn(4) ? dice.below(4096) : 0);
                reply(option, Protocol.REP_INFO, bytes(ByteBuffer.allocate(12).putShort((short) Protocol.INFO_EXPORT).putLong(size).putShort((short) (dice.bits() & ~2))));
                int smallest = dice.oneIn(8) ? (int) dice.number() : 1 << dice.below(13);
                reply(option, Protocol.REP_INFO, bytes(ByteBuffer.allocate(14).putShort((short) Protocol.INFO_BLOCK_SIZE).putInt(smallest).putInt(4096)
                        .putInt(dice.oneIn(4) ? (int) dice.number() : 1 << 20)));
            }
        }

        private static byte[] bytes(ByteBuffer written) {
            byte[] bytes = new byte[written.position()];
            written.get(0, bytes);
            return bytes;
        }

        private void reply(int option, int type, byte[] data) throws IOException {
            int length = dice.oneIn(32) ? dice.below(data.length + 1) : data.length;
            int said = dice.oneIn(128) ? (int) dice.number() : length;
            send(ByteBuffer.allocate(20 + length).putLong(Protocol.OPTION_REPLY_MAGIC).putInt(option).putInt(type).putInt(said).put(data, 0, length));
            endAfterLie(said != length);
        }

        private void request(boolean structured) throws IOException {
            ByteBuffer head = receive(28);
            int command = head.getShort(6);
            long cookie = dice.oneIn(64) ? dice.number() : head.getLong(8);
            long offset = head.getLong(16);
            int length = head.getInt(24);
            if (command == Protocol.CMD_DISC) {
                throw new EOFException();
            }
            if (command == Protocol.CMD_WRITE) {
                receive(length);
            }
            if (dice.oneIn(32)) {
                throw new EOFException();
            }
            if (!structured || dice.oneIn(8)) {
                boolean data = command == Protocol.CMD_READ;
                int error = dice.oneIn(8) ? dice.below(30) : 0;
                send(ByteBuffer.allocate(16 + (data && error == 0 ? length : 0)).putInt(Protocol.SIMPLE_REPLY_MAGIC).putInt(error).putLong(cookie), data && error == 0 ? length : 0);
                return;
            }
            for (int i = dice.below(3); i > 0; i--) {
                chunk(0, command, cookie, offset, length);
            }
            chunk(1, command, cookie, offset, length);
        }

        private void chunk(int flags, int command, long cookie, long offset, int length) throws IOException {
            int type = dice.oneIn(8) ? dice.of(Protocol.CHUNK_NONE, Protocol.CHUNK_OFFSET_DATA, Protocol.CHUNK_OFFSET_HOLE, Protocol.CHUNK_BLOCK_STATUS, Protocol.CHUNK_ERROR)
                    : command == Protocol.CMD_READ ? dice.of(Protocol.CHUNK_OFFSET_DATA, Protocol.CHUNK_OFFSET_HOLE)
                    : command == Protocol.CMD_BLOCK_STATUS ? Protocol.CHUNK_BLOCK_STATUS : Protocol.CHUNK_NONE;
            int part = length <= 0 ? 0 : dice.oneIn(4) ? dice.below(length) : length;
            long place = dice.oneIn(16) ? dice.number() : offset;
            byte[] content = switch (type) {
                case Protocol.CHUNK_OFFSET_DATA -> bytes(ByteBuffer.allocate(8 + part).putLong(place).put(new byte[part]));
                case Protocol.CHUNK_OFFSET_HOLE -> bytes(ByteBuffer.allocate(12).putLong(place).putInt(dice.oneIn(16) ? (int) dice.number() : part));
                case Protocol.CHUNK_BLOCK_STATUS -> bytes(ByteBuffer.allocate(12).putInt(1).putInt(dice.oneIn(8) ? (int) dice.number() : part).putInt(dice.below(4)));
                case Protocol.CHUNK_ERROR -> bytes(ByteBuffer.allocate(6).putInt(dice.below(30)).putShort((short) 0));
                default -> new byte[0];
            };
            int said = dice.oneIn(64) ? (int) dice.number() : content.length;
            send(ByteBuffer.allocate(20 + content.length).putInt(dice.oneIn(128) ? (int) dice.bits() : Protocol.STRUCTURED_REPLY_MAGIC).putShort((short) flags)
                    .putShort((short) type).putLong(cookie).putInt(said).put(content));
            endAfterLie(said != content.length);
        }

        /** The client may wait for more, as it has to. */
        private static void endAfterLie(boolean lied) throws EOFException {
            if (lied) {
                throw new EOFException();
            }
        }

        private void send(ByteBuffer message) throws IOException {
            send(message, 0);
        }

        /** @param zeroes that follow what was written */
        private void send(ByteBuffer message, int zeroes) throws IOException {
            message.limit(message.position() + zeroes).position(0);
            while (message.hasRemaining()) {
                client.write(message);
            }
        }

        private ByteBuffer receive(int length) throws IOException {
            ByteBuffer message = ByteBuffer.allocate(length);
            while (message.hasRemaining()) {
                if (client.read(message) < 0) {
                    throw new EOFException();
                }
            }
            return message;
        }
    }
}
