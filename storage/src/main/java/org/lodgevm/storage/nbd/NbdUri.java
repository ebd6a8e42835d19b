package org.lodgevm.storage.nbd;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;

/**
 * Where an export is: {@code nbd://HOST[:PORT][/EXPORT]} or {@code nbd+unix:///[EXPORT]?socket=PATH}.
 *
 * @nbd doc/uri.md
 */
public record NbdUri(SocketAddress address, String export) {
    private static final String SOCKET = "socket=";

    public static boolean isOne(String text) {
        return text.startsWith("nbd://") || text.startsWith("nbd+unix://");
    }

    /** @throws IllegalArgumentException if it is none */
    public static NbdUri parse(String text) {
        try {
            URI uri = new URI(text);
            String export = uri.getPath() == null || uri.getPath().isEmpty() ? "" : uri.getPath().substring(1);
            if ("nbd+unix".equals(uri.getScheme()) && uri.getQuery() != null && uri.getQuery().startsWith(SOCKET)) {
                return new NbdUri(UnixDomainSocketAddress.of(uri.getQuery().substring(SOCKET.length())), export);
            }
            if ("nbd".equals(uri.getScheme()) && uri.getHost() != null) {
                return new NbdUri(new InetSocketAddress(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort() < 0 ? Nbd.PORT : uri.getPort()), export);
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'%s' is not the address of an export: %s".formatted(text, e.getReason()), e);
        }
        throw new IllegalArgumentException("'%s' is not the address of an export: write nbd://HOST:PORT/EXPORT or nbd+unix:///EXPORT?socket=PATH".formatted(text));
    }
}
