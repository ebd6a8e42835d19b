package org.lodgevm.net.user.plan;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lodgevm.net.packet.IpAddress;

/**
 * A port of the host that leads to a port of a guest.
 *
 * @param host where to listen; port 0 for any that is free
 * @param guest whom to connect to, or null for the guest with the first lease
 */
public record PortForward(Protocol protocol, InetSocketAddress host, IpAddress guest, int guestPort) {
    /** What is forwarded. */
    public enum Protocol {
        TCP,
        UDP
    }

    private static final Pattern SYNTAX = Pattern.compile(
            "(?:(?<address>\\[[0-9a-fA-F:.]+]|\\d+\\.\\d+\\.\\d+\\.\\d+|\\*):)?(?<host>\\d{1,5}):(?<guest>\\d{1,5})(?:/(?<protocol>tcp|udp))?");

    private static final int MAX_PORT = 0xffff;

    public PortForward {
        if (guestPort < 1 || guestPort > MAX_PORT) {
            throw new IllegalArgumentException("a guest has no port " + guestPort);
        }
    }

    /**
     * Reads {@code [address:]hostport:guestport[/tcp|/udp]}. Without an address only the host itself gets in, by its loopback address; with
     * {@code *} everybody does.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static PortForward parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' does not say which ports: it must be like 8080:80, 127.0.0.1:2222:22,"
                    + " *:8080:80 or 5353:53/udp");
        }
        String protocol = matcher.group("protocol");
        return new PortForward(
                "udp".equals(protocol) ? Protocol.UDP : Protocol.TCP,
                new InetSocketAddress(address(matcher.group("address")), port(text, matcher.group("host"))),
                null,
                port(text, matcher.group("guest")));
    }

    private static InetAddress address(String text) {
        if (text == null) {
            return IpAddress.parse("127.0.0.1").toInetAddress();
        } else if (text.equals("*")) {
            return new InetSocketAddress(0).getAddress();
        }
        return InetAddress.ofLiteral(text.startsWith("[") ? text.substring(1, text.length() - 1) : text);
    }

    private static int port(String text, String digits) {
        int port = Integer.parseInt(digits);
        if (port > MAX_PORT) {
            throw new IllegalArgumentException("'" + text + "': ports end at 65535");
        }
        return port;
    }

    @Override
    public String toString() {
        String address = host.getAddress() instanceof Inet6Address
                ? "[" + host.getAddress().getHostAddress() + "]"
                : host.getAddress().getHostAddress();
        return address + ":" + host.getPort() + ":" + guestPort + (protocol == Protocol.UDP ? "/udp" : "");
    }
}
