package org.lodgevm.manage.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.vm.migration.MigrationLink;

/** Two sides with certificates that OpenSSL made. */
@Timeout(60)
class TlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** As the migration protocol has it: of type 3, and with a text of 2 bytes. */
    private static final byte[] REFUSAL = {3, 0, 0, 0, 2, 'n', 'o'};

    @TempDir
    static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new Certificates(folder);
        certificates.authority("ca");
        certificates.authority("other");
        certificates.certificate("server", "ca", "ec", "DNS:localhost,IP:127.0.0.1", 2);
        certificates.certificate("client", "ca", "rsa", "DNS:client.example", 2);
        certificates.certificate("elsewhere", "ca", "ec", "DNS:elsewhere.example", 2);
        certificates.certificate("stranger", "other", "ec", "DNS:localhost", 2);
        certificates.certificate("expired", "ca", "ec", "DNS:localhost", -1);
    }

    /** Accepts one connection, and answers what it reads, to the end. */
    private static final class Side implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CompletableFuture<String> heard = new CompletableFuture<>();

        Side(Tls tls) throws IOException {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept(); Socket secure = tls == null ? socket : tls.accept(socket, PATIENCE)) {
                    byte[] first = secure.getInputStream().readNBytes(5);
                    secure.getOutputStream().write(tls == null ? REFUSAL : first);
                    heard.complete(new String(first, UTF_8));
                } catch (IOException e) {
                    heard.completeExceptionally(e);
                }
            });
        }

        TcpAddress address() {
            return new TcpAddress("localhost", server.getLocalPort());
        }

        String heard() throws Exception {
            return heard.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static MigrationLink connect(Side side, Tls tls) throws IOException {
        return side.address().connect(PATIENCE, PATIENCE, Optional.of(tls));
    }

    @Test
    void twoSidesOfOneAuthorityHearEachOther() throws Exception {
        try (Side side = new Side(certificates.tls("server", "ca")); MigrationLink link = connect(side, certificates.tls("client", "ca"))) {
            link.out().write("hello".getBytes(UTF_8));
            assertThat(new String(link.in().readNBytes(5), UTF_8)).isEqualTo("hello");
            assertThat(side.heard()).isEqualTo("hello");
        }
    }

    @Test
    void opensslIsTakenForAnyOtherSide() throws Exception {
        try (Side side = new Side(certificates.tls("server", "ca"))) {
            Process client = new ProcessBuilder("openssl", "s_client", "-quiet", "-verify_return_error", "-CAfile", "ca.pem", "-cert", "client.pem", "-key", "client.key",
                    "-connect", "localhost:" + side.address().port()).directory(folder.toFile()).redirectErrorStream(true).start();
            client.getOutputStream().write("hello".getBytes(UTF_8));
            client.getOutputStream().flush();
            assertThat(side.heard()).isEqualTo("hello");
            client.destroy();
        }
    }

    private static void refused(String server, String serversAuthority, String client, String clientsAuthority, String reason, String serversReason) throws Exception {
        try (Side side = new Side(certificates.tls(server, serversAuthority))) {
            assertThatThrownBy(() -> connect(side, certificates.tls(client, clientsAuthority)).close())
                    .isInstanceOf(IOException.class).hasMessageContaining("there is no secure connection").hasMessageContaining(reason);
            assertThatThrownBy(side::heard).as("nothing was sent").hasMessageContaining(serversReason);
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() throws Exception {
        refused("stranger", "ca", "client", "ca", "the other side's certificate is not one of our authority", "refused us");
    }

    @Test
    void aServerOfAnotherNameIsRefused() throws Exception {
        refused("elsewhere", "ca", "client", "ca", "the other side's certificate is another host's", "refused us");
    }

    @Test
    void aClientOfAnotherAuthorityIsRefusedBeforeItSaysAnything() throws Exception {
        refused("server", "ca", "stranger", "ca", "the other side refused us: we have no certificate of its authority", "the other side has no certificate of our authority");
    }

    @Test
    void aSideWithoutTlsIsToldApart() throws Exception {
        try (Side side = new Side(null)) {
            assertThatThrownBy(() -> connect(side, certificates.tls("client", "ca")).close()).hasMessageContaining("does not speak TLS");
        }
        try (Side side = new Side(certificates.tls("server", "ca")); MigrationLink plain = side.address().connect(PATIENCE, PATIENCE, Optional.empty())) {
            plain.out().write("hello".getBytes(UTF_8));
            assertThatThrownBy(side::heard).hasMessageContaining("does not speak TLS");
            try (InputStream in = plain.in()) {
                assertThat(in.read()).as("an alert, as MessageStream knows it").isEqualTo(21);
            }
        }
    }

    @Test
    void aSideThatBreaksOffIsNotTakenForABrokenLinkAlone() throws Exception {
        try (Side side = new Side(certificates.tls("server", "ca")); Socket client = new Socket(InetAddress.getLoopbackAddress(), side.address().port())) {
            client.setSoLinger(true, 0); // to close is to reset
            client.close();
            assertThatThrownBy(side::heard).hasMessageContaining("if the other side refused us, its own message says why");
        }
    }

    @Test
    void filesThatMakeNoSenseAreNamed() throws Exception {
        String certificate = certificates.read("server.pem");
        String key = certificates.read("server.key");
        String authority = certificates.read("ca.pem");
        assertThatThrownBy(() -> Tls.of(new Tls.Material(certificate, certificates.read("client.key"), authority))).hasMessageContaining("another one than the certificate's");
        assertThatThrownBy(() -> Tls.of(new Tls.Material(certificate, certificates.read("elsewhere.key"), authority))).hasMessageContaining("another one than the certificate's");
        assertThatThrownBy(() -> certificates.tls("expired", "ca")).hasMessageContaining("NotAfter");
        assertThatThrownBy(() -> Tls.of(new Tls.Material("", key, authority))).hasMessageContaining("certificate");
        assertThatThrownBy(() -> Tls.of(new Tls.Material(certificate, "", authority))).hasMessageContaining("no private key");
        assertThatThrownBy(() -> Tls.of(new Tls.Material(certificate, key.replaceFirst("M", "!"), authority))).hasMessageContaining("damaged");
        assertThatThrownBy(() -> Tls.of(new Tls.Material(certificate, key.replace("PRIVATE KEY", "EC PRIVATE KEY"), authority))).hasMessageContaining("openssl pkcs8");
        assertThatThrownBy(() -> Tls.of(new Tls.Material(certificate, key, key))).hasMessageContaining("authority's certificate");
    }
}
