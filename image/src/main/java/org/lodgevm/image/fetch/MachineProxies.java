package org.lodgevm.image.fetch;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.apt.AptConfiguration;

/**
 * Which proxy leads to a server: what apt is told, else what the environment says ({@code http_proxy} and its
 * relatives), else what this Java was told.
 *
 * @debian apt-transport-http(1), "Proxy Configuration"
 */
final class MachineProxies extends ProxySelector {
    private static final String NO_PROXY = "DIRECT";
    private static final int DEFAULT_PORT = 3128;

    private final AptConfiguration apt;
    private final Host host;
    private final ProxySelector otherwise;

    MachineProxies(AptConfiguration apt, Host host, ProxySelector otherwise) {
        this.apt = apt;
        this.host = host;
        this.otherwise = otherwise;
    }

    @Override
    public List<Proxy> select(URI server) {
        String scheme = server.getScheme();
        Optional<String> configured = apt.value("Acquire::" + scheme + "::Proxy::" + server.getHost())
                .or(() -> apt.value("Acquire::" + scheme + "::Proxy"));
        if (configured.isPresent()) {
            return configured.get().equals(NO_PROXY) ? List.of(Proxy.NO_PROXY) : proxy(configured.get());
        }
        Optional<String> named = variable(scheme + "_proxy").or(() -> variable("all_proxy"));
        if (named.isPresent()) {
            return isExempt(server.getHost()) ? List.of(Proxy.NO_PROXY) : proxy(named.get());
        }
        return otherwise == null ? List.of(Proxy.NO_PROXY) : otherwise.select(server);
    }

    @Override
    public void connectFailed(URI server, SocketAddress proxy, IOException cause) {
        // The request fails with the same cause.
    }

    /** Answers a proxy that asks who is there with the name and password written into its URI. */
    Authenticator authenticator() {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                if (getRequestorType() != RequestorType.PROXY) {
                    return null;
                }
                String scheme = getRequestingURL().getProtocol();
                return apt.value("Acquire::" + scheme + "::Proxy")
                        .or(() -> variable(scheme + "_proxy"))
                        .or(() -> variable("all_proxy"))
                        .map(uri -> uri(uri).getUserInfo())
                        .map(MachineProxies::credentials)
                        .orElse(null);
            }
        };
    }

    private Optional<String> variable(String name) {
        return host.variable(name).or(() -> host.variable(name.toUpperCase(Locale.ROOT)));
    }

    private boolean isExempt(String server) {
        for (String entry : variable("no_proxy").orElse("").split(",")) {
            String domain = entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
            String name = server.toLowerCase(Locale.ROOT);
            if (domain.equals("*") || !domain.isEmpty() && (name.equals(domain) || name.endsWith("." + domain))) {
                return true;
            }
        }
        return false;
    }

    private static List<Proxy> proxy(String text) {
        URI uri = uri(text);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new ImageException("The proxy " + text + " cannot be used: only http://HOST:PORT can. Set http_proxy, or"
                    + " Acquire::http::Proxy in apt's configuration, to another one");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port)));
    }

    private static URI uri(String proxy) {
        try {
            return URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        } catch (IllegalArgumentException e) {
            throw new ImageException("The proxy \"" + proxy + "\" is no URI. Correct it where it is set", e);
        }
    }

    private static PasswordAuthentication credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new PasswordAuthentication(userInfo, new char[0])
                : new PasswordAuthentication(userInfo.substring(0, colon), userInfo.substring(colon + 1).toCharArray());
    }
}
