package org.lodgevm.storage.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Whole pieces over a socket that blocks. One thread may send and another receive. */
final class Wire {
    private final SocketChannel socket;
    private volatile long lastMove = System.nanoTime();

    Wire(SocketChannel socket) {
        this.socket = socket;
    }

    /** When bytes last went either way, by {@link System#nanoTime}. */
    long lastMove() {
        return lastMove;
    }

    void send(ByteBuffer... pieces) throws IOException {
        for (ByteBuffer piece : pieces) {
            while (piece.hasRemaining()) {
                socket.write(piece);
                lastMove = System.nanoTime();
            }
        }
    }

    void receive(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (socket.read(into) < 0) {
                throw new EOFException("the connection ended");
            }
            lastMove = System.nanoTime();
        }
    }

    /** @return ready to be read */
    ByteBuffer receive(int length) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(length);
        receive(piece);
        return piece.flip();
    }
}
