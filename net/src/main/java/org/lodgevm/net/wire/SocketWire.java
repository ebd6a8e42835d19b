package org.lodgevm.net.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.lodgevm.net.Frame;

/** To another process: each frame with its length in front. */
public final class SocketWire implements Wire {
    private static final int BUFFER = 1 << 18;
    private static final int LENGTH = Integer.BYTES;

    private final SocketChannel channel;
    private final ByteBuffer length = ByteBuffer.allocateDirect(LENGTH);
    /** What was read and is not done with, from position to limit. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);

    /** @param channel connected and blocking; it is the wire's from now on */
    public SocketWire(SocketChannel channel) throws IOException {
        this.channel = channel;
        if (!(channel.getRemoteAddress() instanceof UnixDomainSocketAddress)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    /** Connects to a listening process. @throws IOException whose message is for the user */
    public static SocketWire connect(SocketAddress address) throws IOException {
        SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
            channel.connect(address);
            return new SocketWire(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("no cable to %s: %s; start a switch there first".formatted(address, reason(e)), e);
        }
    }

    /** Of a name that is not known, Java has no message. */
    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public ByteBuffer read() throws IOException {
        while (true) {
            while (buffer.remaining() < LENGTH || buffer.remaining() < LENGTH + size()) {
                more();
            }
            int size = size();
            ByteBuffer frame = buffer.slice(buffer.position() + LENGTH, size);
            buffer.position(buffer.position() + LENGTH + size);
            if (size > 0) {
                return frame;
            }
        }
    }

    /** Of the frame that comes next. */
    private int size() throws IOException {
        int size = buffer.getInt(buffer.position());
        if (size < 0 || size > Frame.MAX_SIZE) {
            throw new IOException("a frame of " + size + " bytes");
        }
        return size;
    }

    private void more() throws IOException {
        buffer.compact();
        try {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        } finally {
            buffer.flip();
        }
    }

    @Override
    public void write(ByteBuffer frame) throws IOException {
        length.clear().putInt(frame.remaining()).flip();
        ByteBuffer[] parts = {length, frame};
        while (frame.hasRemaining()) {
            channel.write(parts);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
