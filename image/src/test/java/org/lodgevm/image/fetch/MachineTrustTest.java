package org.lodgevm.image.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.TestHost;
import org.lodgevm.image.apt.AptConfiguration;

/** A server whose certificate only this test's machine knows. */
class MachineTrustTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private Path root;

    private HttpsServer server;
    private String certificate;
    private Host host;

    @BeforeEach
    void setUp() throws Exception {
        KeyStore keys = makeKey(root.resolve("keys"));
        certificate = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        host = TestHost.in(root);
    }

    @AfterEach
    void tearDown() {
        server.stop(0);
    }

    @Test
    void aServerThatNobodyVouchesForIsRefused() {
        assertThatThrownBy(() -> fetch(host)).isInstanceOf(IOException.class).hasMessageContaining("certification path");
    }

    @Test
    void theSystemsBundleCounts() throws IOException {
        TestHost.write(host, "/etc/ssl/certs/ca-certificates.crt", certificate);
        assertThat(fetch(host)).isEqualTo("ok");
    }

    @Test
    void theEnvironmentOrAptMayNameAnotherBundle() throws IOException {
        Path bundle = TestHost.write(host, "/bundle.pem", certificate);
        assertThat(fetch(TestHost.with(host, Map.of("SSL_CERT_FILE", bundle.toString())))).isEqualTo("ok");
        TestHost.write(host, "/etc/apt/apt.conf", "Acquire::https::CAInfo \"" + bundle + "\";");
        assertThat(fetch(host)).isEqualTo("ok");
    }

    @Test
    void aBundleThatIsNoneIsNamed() {
        Path bundle = TestHost.write(host, "/etc/ssl/certs/ca-certificates.crt", "-----BEGIN CERTIFICATE-----\nnonsense\n");
        assertThatThrownBy(() -> fetch(host)).isInstanceOf(ImageException.class).hasMessageContaining(bundle.toString());
    }

    private String fetch(Host from) throws IOException {
        URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
        try (Fetcher fetcher = new Fetcher(AptConfiguration.of(from), from);
                Fetcher.Content content = fetcher.open(uri, 0)) {
            return new String(content.body().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static KeyStore makeKey(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost",
                        "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }
}
