package org.lodgevm.vm.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** One end of a connection, as messages. */
final class MessageStream implements MessageSink {
    private static final int BUFFER = 1 << 16;
    /** With what a record of TLS begins, as the first message never does. @rfc 8446 5.1 */
    private static final int TLS_ALERT = 21;

    private static final int TLS_HANDSHAKE = 22;

    private final DataInputStream in;
    private final DataOutputStream out;
    /** Of the message whose payload is next; null before the first one. */
    private MessageType type;

    private int length;
    private final AtomicLong received = new AtomicLong();

    MessageStream(MigrationLink link) throws IOException {
        in = new DataInputStream(new BufferedInputStream(link.in(), BUFFER));
        out = new DataOutputStream(new BufferedOutputStream(link.out(), BUFFER));
    }

    @Override
    public synchronized void send(MessageType type, byte... payload) throws IOException {
        out.writeByte(type.ordinal() + 1);
        out.writeInt(payload.length);
        out.write(payload);
        out.flush();
    }

    /** Cut to what the other side accepts. */
    void send(MessageType type, String why) throws IOException {
        byte[] text = why.getBytes(UTF_8);
        send(type, Arrays.copyOf(text, Math.min(text.length, type.limit)));
    }

    /** Used by one thread at a time, as the methods after it. @throws MalformedStreamException if it is no message */
    Message receive() throws IOException {
        MessageType type = next();
        return new Message(type, payload());
    }

    /** What comes next; its payload is to be taken, or passed on. @throws EOFException if there is nothing */
    MessageType next() throws IOException {
        int number = in.read();
        if (number < 0) {
            throw new EOFException("the other side closed the connection");
        }
        if (type == null && (number == TLS_ALERT || number == TLS_HANDSHAKE)) {
            throw new MalformedStreamException("the other side speaks TLS, this one does not; use --tls-cert, --tls-key and --tls-ca at both");
        }
        if (number == 0 || number > MessageType.values().length) {
            throw new MalformedStreamException("there is no message of type %d".formatted(number));
        }
        type = MessageType.values()[number - 1];
        length = in.readInt();
        if (length < 0 || length > type.limit) {
            throw new MalformedStreamException("a message %s cannot have %d bytes".formatted(type, length & 0xffff_ffffL));
        }
        return type;
    }

    byte[] payload() throws IOException {
        byte[] payload = in.readNBytes(length); // grows with what comes, not with what is announced
        if (payload.length < length) {
            throw cut();
        }
        received.addAndGet(length);
        return payload;
    }

    private EOFException cut() {
        return new EOFException("the other side closed the connection within a message " + type);
    }

    /** Passes the message on as it comes, whatever its length. Nobody else sends meanwhile. */
    void pass(MessageStream to) throws IOException {
        byte[] piece = new byte[Math.min(length, BUFFER)];
        synchronized (to) {
            to.out.writeByte(type.ordinal() + 1);
            to.out.writeInt(length);
            for (int left = length; left > 0; ) {
                int read = in.read(piece, 0, Math.min(left, piece.length));
                if (read < 0) {
                    throw cut();
                }
                to.out.write(piece, 0, read);
                left -= read;
            }
            to.out.flush();
        }
    }

    /** Bytes of payload so far, any thread. */
    long received() {
        return received.get();
    }
}
