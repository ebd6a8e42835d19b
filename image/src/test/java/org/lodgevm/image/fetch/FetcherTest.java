package org.lodgevm.image.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.Host;
import org.lodgevm.image.TestHost;
import org.lodgevm.image.apt.AptConfiguration;
import org.lodgevm.image.fetch.Fetcher.Content;

@Timeout(30)
class FetcherTest {
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path root;

    private HttpServer server;
    private Host host;
    private Fetcher fetcher;

    @BeforeEach
    void setUp() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        host = TestHost.in(root);
        TestHost.write(host, "/etc/apt/apt.conf", "Acquire::http::Timeout \"1\";");
        fetcher = fetcher(host);
    }

    @AfterEach
    void tearDown() {
        fetcher.close();
        server.stop(0);
    }

    @Test
    void theWholeIsFetchedOrWhatIsMissing() throws IOException {
        server.createContext("/file", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            if (start > 0) {
                exchange.getResponseHeaders().set("Content-Range", "bytes " + start + "-9/10");
            }
            answer(exchange, start > 0 ? 206 : 200, Arrays.copyOfRange(CONTENT, start, 10));
        });
        try (Content whole = fetcher.open(uri("/file"), 0); Content rest = fetcher.open(uri("/file"), 4)) {
            assertThat(whole.body()).hasBinaryContent(CONTENT);
            assertThat(whole.size()).isEqualTo(10);
            assertThat(rest.body()).hasContent("456789");
            assertThat(rest.start()).isEqualTo(4);
            assertThat(rest.size()).isEqualTo(10);
        }
    }

    @Test
    void aServerWithoutRangesStartsAgain() throws IOException {
        server.createContext("/file", exchange -> answer(exchange, 200, CONTENT));
        try (Content content = fetcher.open(uri("/file"), 4)) {
            assertThat(content.start()).isZero();
            assertThat(content.body()).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void aRangeBeyondTheEndIsAskedForAgainAsTheWhole() throws IOException {
        server.createContext("/file", exchange -> {
            boolean ranged = exchange.getRequestHeaders().containsKey("Range");
            answer(exchange, ranged ? 416 : 200, ranged ? new byte[0] : CONTENT);
        });
        try (Content content = fetcher.open(uri("/file"), 40)) {
            assertThat(content.start()).isZero();
            assertThat(content.body()).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void redirectionsAreFollowed() throws IOException {
        server.createContext("/old", exchange -> {
            exchange.getResponseHeaders().set("Location", "/new");
            answer(exchange, 302, new byte[0]);
        });
        server.createContext("/new", exchange -> answer(exchange, 200, CONTENT));
        try (Content content = fetcher.open(uri("/old"), 0)) {
            assertThat(content.body()).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void whatIsNotThereIsToldFromWhatFails() {
        server.createContext("/gone", exchange -> answer(exchange, 404, new byte[0]));
        server.createContext("/broken", exchange -> answer(exchange, 503, new byte[0]));
        assertThatThrownBy(() -> fetcher.open(uri("/gone"), 0)).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> fetcher.open(uri("/broken"), 0))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("503");
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        server.createContext("/silent", exchange -> sleep());
        assertThatThrownBy(() -> fetcher.open(uri("/silent"), 0)).isInstanceOf(IOException.class);
    }

    @Test
    void aTransferThatStallsIsGivenUp() {
        server.createContext("/stalls", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().write(CONTENT, 0, 3);
            exchange.getResponseBody().flush();
            sleep();
        });
        assertThatThrownBy(() -> {
                    try (Content content = fetcher.open(uri("/stalls"), 0)) {
                        content.body().readAllBytes();
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nothing arrived for 1 s");
    }

    @Test
    void aReaderThatTakesItsTimeIsNotGivenUp() throws Exception {
        server.createContext("/file", exchange -> answer(exchange, 200, CONTENT));
        try (Content content = fetcher.open(uri("/file"), 0)) {
            InputStream body = content.body();
            body.read();
            Thread.sleep(2500);
            assertThat(body.readAllBytes()).hasSize(9);
        }
    }

    @Test
    void theMachinesProxyIsUsedAndToldWhoAsks() throws IOException {
        AtomicReference<String> asked = new AtomicReference<>();
        AtomicReference<String> credentials = new AtomicReference<>();
        server.createContext("/", exchange -> {
            String given = exchange.getRequestHeaders().getFirst("Proxy-Authorization");
            if (given == null) {
                exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"test\"");
                answer(exchange, 407, new byte[0]);
                return;
            }
            asked.set(exchange.getRequestURI().toString());
            credentials.set(given);
            answer(exchange, 200, CONTENT);
        });
        String proxy = "http://user:secret@127.0.0.1:" + server.getAddress().getPort();
        try (Fetcher proxied = fetcher(TestHost.with(host, Map.of("http_proxy", proxy)));
                Content content = proxied.open(URI.create("http://archive.test/file"), 0)) {
            assertThat(content.body()).hasBinaryContent(CONTENT);
        }
        assertThat(asked.get()).isEqualTo("http://archive.test/file");
        assertThat(credentials.get()).isEqualTo("Basic dXNlcjpzZWNyZXQ=");
    }

    @Test
    void filesAreArchivesToo() throws IOException {
        Path file = Files.write(root.resolve("a file"), CONTENT);
        try (Content content = fetcher.open(file.toUri(), 4)) {
            assertThat(content.body()).hasContent("456789");
            assertThat(content.start()).isEqualTo(4);
        }
        assertThatThrownBy(() -> fetcher.open(root.resolve("absent").toUri(), 0))
                .isInstanceOf(FileNotFoundException.class);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static Fetcher fetcher(Host host) {
        return new Fetcher(AptConfiguration.of(host), host);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void sleep() {
        try {
            Thread.sleep(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
