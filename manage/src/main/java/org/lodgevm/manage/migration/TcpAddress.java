package org.lodgevm.manage.migration;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

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

    @Override
    public String toString() {
        return SCHEME + "://" + host + ":" + port;
    }
}
