package org.lodgevm.storage.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Whole pieces over a socket that blocks. */
record Wire(SocketChannel socket) {
    void send(ByteBuffer... pieces) throws IOException {
        for (ByteBuffer piece : pieces) {
            while (piece.hasRemaining()) {
                socket.write(piece);
            }
        }
    }

    void receive(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (socket.read(into) < 0) {
                throw new EOFException("the connection ended");
            }
        }
    }

    /** @return ready to be read */
    ByteBuffer receive(int length) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(length);
        receive(piece);
        return piece.flip();
    }
}
