package org.lodgevm.vm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;

/** The host's end of a port, as a Unix socket for one program at a time: the next one waits until that has gone. What the guest sends to nobody is lost. */
final class UnixPort implements AutoCloseable {
    private final UnixServer server;
    /** Who is there, or null. */
    private SocketChannel client;
    private boolean closed;

    /** @throws MachineException if the socket cannot be made */
    UnixPort(Path path) {
        server = UnixServer.at(path);
    }

    SerialEndpoint endpoint() {
        return new SerialEndpoint(new FromClient(), new ToClient());
    }

    /** Lets programs come from now on. @param attended is told whether somebody is there, now and whenever that changes */
    void serve(Consumer<Boolean> attended) {
        attended.accept(false);
        server.serve(host -> {
            enter(host);
            attended.accept(true);
            awaitEnd(host);
            attended.accept(false);
        });
    }

    private synchronized void enter(SocketChannel host) {
        client = host;
        notifyAll();
    }

    private synchronized void awaitEnd(SocketChannel host) throws InterruptedException {
        while (client == host && !closed) {
            wait();
        }
    }

    /** @return null after the machine's end */
    private synchronized SocketChannel awaitClient() throws IOException {
        try {
            while (client == null && !closed) {
                wait();
            }
            return client;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private synchronized SocketChannel client() {
        return client;
    }

    private synchronized void leave(SocketChannel gone) {
        if (client == gone) {
            client = null;
            notifyAll();
        }
        try {
            gone.close();
        } catch (IOException e) {
            // so it is closed
        }
    }

    /** What programs say, one after the other. */
    private final class FromClient extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            SocketChannel from;
            while ((from = awaitClient()) != null) {
                int read = receive(from, ByteBuffer.wrap(into, offset, length));
                if (read > 0) {
                    return read;
                }
                leave(from);
            }
            return -1;
        }

        private static int receive(SocketChannel from, ByteBuffer into) {
            try {
                return from.read(into);
            } catch (IOException e) {
                return -1;
            }
        }
    }

    /** To the one who is there. */
    private final class ToClient extends OutputStream {
        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            SocketChannel to = client();
            if (to == null) {
                return;
            }
            try {
                ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
                while (left.hasRemaining()) {
                    to.write(left);
                }
            } catch (IOException e) {
                leave(to);
            }
        }
    }

    @Override
    public void close() {
        server.close();
        SocketChannel last = end();
        if (last != null) {
            leave(last);
        }
    }

    private synchronized SocketChannel end() {
        closed = true;
        notifyAll();
        return client;
    }
}
