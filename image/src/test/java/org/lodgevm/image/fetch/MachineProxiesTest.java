package org.lodgevm.image.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.TestHost;
import org.lodgevm.image.apt.AptConfiguration;

class MachineProxiesTest {
    private static final ProxySelector JAVAS = new ProxySelector() {
        @Override
        public List<Proxy> select(URI uri) {
            return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("java.test", 1)));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException cause) {}
    };

    @TempDir
    private Path root;

    @Test
    void withoutAnySettingItIsJavas() {
        assertThat(proxy("", Map.of(), "http://a.test/")).isEqualTo("java.test:1");
    }

    @Test
    void theEnvironmentNamesAProxyForEachScheme() {
        Map<String, String> environment =
                Map.of("http_proxy", "http://h.test:8080", "HTTPS_PROXY", "s.test", "no_proxy", "x.test, .y.test,*.z.test");
        assertThat(proxy("", environment, "http://a.test/")).isEqualTo("h.test:8080");
        assertThat(proxy("", environment, "https://a.test/")).isEqualTo("s.test:3128");
        assertThat(proxy("", environment, "http://x.test/")).isEqualTo("none");
        assertThat(proxy("", environment, "http://a.y.test/")).isEqualTo("none");
        assertThat(proxy("", environment, "http://A.Z.test/")).isEqualTo("none");
        assertThat(proxy("", environment, "http://notx.test/")).isEqualTo("h.test:8080");
    }

    @Test
    void oneVariableMayStandForAll() {
        assertThat(proxy("", Map.of("all_proxy", "http://all.test:1"), "https://a.test/")).isEqualTo("all.test:1");
        assertThat(proxy("", Map.of("all_proxy", "http://all.test:1", "no_proxy", "*"), "https://a.test/"))
                .isEqualTo("none");
    }

    @Test
    void aptsSettingComesFirst() {
        String apt = "Acquire::http::Proxy \"http://apt.test:9\"; Acquire::http::Proxy::direct.test \"DIRECT\";"
                + " Acquire::http::Proxy::special.test \"http://special.test:8\";";
        Map<String, String> environment = Map.of("http_proxy", "http://h.test:8080", "https_proxy", "http://s.test:1");
        assertThat(proxy(apt, environment, "http://a.test/")).isEqualTo("apt.test:9");
        assertThat(proxy(apt, environment, "http://direct.test/")).isEqualTo("none");
        assertThat(proxy(apt, environment, "http://special.test/")).isEqualTo("special.test:8");
        assertThat(proxy(apt, environment, "https://a.test/")).isEqualTo("s.test:1");
    }

    @Test
    void aProxyOfAnotherKindIsNamed() {
        assertThatThrownBy(() -> proxy("", Map.of("http_proxy", "socks5://s.test:1080"), "http://a.test/"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("socks5://s.test:1080");
        assertThatThrownBy(() -> proxy("", Map.of("http_proxy", "http://a b"), "http://a.test/"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("a b");
    }

    private String proxy(String apt, Map<String, String> environment, String uri) {
        Host host = TestHost.with(TestHost.in(root), environment);
        TestHost.write(host, "/etc/apt/apt.conf", apt);
        Proxy proxy = new MachineProxies(AptConfiguration.of(host), host, JAVAS)
                .select(URI.create(uri))
                .getFirst();
        return proxy.type() == Proxy.Type.DIRECT
                ? "none"
                : ((InetSocketAddress) proxy.address()).getHostString() + ":"
                        + ((InetSocketAddress) proxy.address()).getPort();
    }
}
