package org.lodgevm.storage.nbd;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an export is: {@code nbd://HOST[:PORT][/EXPORT]} or {@code nbd+unix:///[EXPORT]?socket=PATH}. Either may end with {@code timeout=SECONDS}, behind
 * a {@code ?} or a {@code &}, which is no part of the standard.
 *
 * @param timeout for how long the server may be silent while it owes an answer, before the connection is given up; zero is for ever
 * @nbd doc/uri.md
 */
public record NbdUri(SocketAddress address, String export, Duration timeout) {
    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(2);
    private static final Pattern QUERY = Pattern.compile("(?:socket=(?<socket>.+?))?&?(?:timeout=(?<timeout>\\d{1,6}))?");

    public static boolean isOne(String text) {
        return text.startsWith("nbd://") || text.startsWith("nbd+unix://");
    }

    /** @throws IllegalArgumentException if it is none */
    public static NbdUri parse(String text) {
        try {
            URI uri = new URI(text);
            String export = uri.getPath() == null || uri.getPath().isEmpty() ? "" : uri.getPath().substring(1);
            Matcher query = QUERY.matcher(uri.getQuery() == null ? "" : uri.getQuery());
            boolean understood = query.matches();
            String socket = understood ? query.group("socket") : null;
            Duration timeout = understood && query.group("timeout") != null ? Duration.ofSeconds(Integer.parseInt(query.group("timeout"))) : USUAL_TIMEOUT;
            if ("nbd+unix".equals(uri.getScheme()) && socket != null) {
                return new NbdUri(UnixDomainSocketAddress.of(socket), export, timeout);
            }
            if ("nbd".equals(uri.getScheme()) && uri.getHost() != null && understood && socket == null) {
                int port = uri.getPort() < 0 ? Nbd.PORT : uri.getPort();
                return new NbdUri(new InetSocketAddress(uri.getHost().replaceAll("[\\[\\]]", ""), port), export, timeout);
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'%s' is not the address of an export: %s".formatted(text, e.getReason()), e);
        }
        throw new IllegalArgumentException(("'%s' is not the address of an export: write nbd://HOST:PORT/EXPORT or nbd+unix:///EXPORT?socket=PATH,"
                + " with ?timeout=SECONDS or &timeout=SECONDS at its end if you like").formatted(text));
    }
}
