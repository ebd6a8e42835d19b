package org.lodgevm.manage.migration;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.lodgevm.vm.migration.MigrationLink;

/** {@code tcp://HOST:PORT}. */
public record TcpAddress(String host, int port) {
    public static final int DEFAULT_PORT = 7777;
    private static final String SCHEME = "tcp";

    /** @throws IllegalArgumentException if it is none */
    public static TcpAddress parse(String text) {
        try {
            URI uri = new URI(text);
            if (SCHEME.equals(uri.getScheme()) && uri.getHost() != null && (uri.getRawPath() == null || uri.getRawPath().isEmpty())) {
                return new TcpAddress(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
            }
        } catch (URISyntaxException e) {
            throw wrong(text, e);
        }
        throw wrong(text, null);
    }

    private static IllegalArgumentException wrong(String text, Exception cause) {
        return new IllegalArgumentException("'%s' is no address; write it as tcp://host:%d".formatted(text, DEFAULT_PORT), cause);
    }

    /** Looked up now. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    /** Adjusts a socket before it is used. */
    @FunctionalInterface
    public interface Adjustment {
        void apply(Socket socket) throws IOException;
    }

    /**
     * @param patience for the connection to come about
     * @param silence of the other side that is borne
     * @param tls to secure it by
     */
    public MigrationLink connect(Duration patience, Duration silence, Optional<Tls> tls) throws IOException {
        return connect(patience, silence, tls, socket -> {});
    }

    public MigrationLink connect(Duration patience, Duration silence, Optional<Tls> tls, Adjustment adjustment) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(resolve(), Math.toIntExact(patience.toMillis()));
            adjustment.apply(socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException("nobody can be reached at %s: %s".formatted(this, e.getMessage()), e);
        }
        try {
            return MigrationLink.of(tls.isPresent() ? tls.get().connect(socket, host, patience) : socket, silence);
        } catch (IOException e) {
            socket.close();
            throw new IOException("there is no secure connection to %s: %s".formatted(this, e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return SCHEME + "://" + host + ":" + port;
    }
}
