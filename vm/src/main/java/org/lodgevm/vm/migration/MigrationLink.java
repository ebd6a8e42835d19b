package org.lodgevm.vm.migration;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;

/** A connection to the other side. Closing it, from any thread, ends what waits for it. */
public interface MigrationLink extends Closeable {
    InputStream in() throws IOException;

    OutputStream out() throws IOException;

    /** Makes connections to one target. */
    @FunctionalInterface
    interface Opener {
        MigrationLink open() throws IOException;
    }

    /** @param patience how long the other side may be silent */
    static MigrationLink of(Socket socket, Duration patience) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
        return new MigrationLink() {
            @Override
            public InputStream in() throws IOException {
                return socket.getInputStream();
            }

            @Override
            public OutputStream out() throws IOException {
                return socket.getOutputStream();
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    /** Two streams that are a connection together. */
    static MigrationLink of(InputStream in, OutputStream out) {
        return new MigrationLink() {
            @Override
            public InputStream in() {
                return in;
            }

            @Override
            public OutputStream out() {
                return out;
            }

            @Override
            public void close() throws IOException {
                try (in) {
                    out.close();
                }
            }
        };
    }
}
