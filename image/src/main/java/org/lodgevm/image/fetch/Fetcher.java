package org.lodgevm.image.fetch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.lodgevm.image.Host;
import org.lodgevm.image.apt.AptConfiguration;

/** Opens what a URI names, by the proxies, certificates and timeouts that this machine is configured with. */
public final class Fetcher implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final AptConfiguration apt;
    private final Host host;
    private final Duration timeout;
    private final Map<String, HttpClient> clients = new HashMap<>();

    public Fetcher(AptConfiguration apt, Host host) {
        this.apt = apt;
        this.host = host;
        this.timeout = apt.value("Acquire::http::Timeout")
                .filter(seconds -> seconds.matches("[1-9][0-9]{0,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(TIMEOUT);
    }

    /**
     * @param body what follows; reading fails when nothing arrives for the timeout
     * @param start where in the whole the body starts: what was asked for, or 0 if the server knows no ranges
     * @param size of the whole, or {@link #UNKNOWN}
     */
    public record Content(InputStream body, long start, long size) implements AutoCloseable {
        public static final long UNKNOWN = -1;

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /**
     * @param start from which byte on
     * @throws FileNotFoundException if there is no such thing, so that asking again is of no use
     * @throws IOException if it could not be had now
     */
    public Content open(URI uri, long start) throws IOException {
        return uri.getScheme().equals("file") ? openFile(uri, start) : request(uri, start);
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::shutdownNow);
    }

    private static Content openFile(URI uri, long start) throws IOException {
        try {
            SeekableByteChannel channel = Files.newByteChannel(Path.of(uri));
            return new Content(Channels.newInputStream(channel.position(start)), start, channel.size());
        } catch (NoSuchFileException e) {
            throw notFound(uri);
        }
    }

    private Content request(URI uri, long start) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout).header("User-Agent", "lodge");
        if (start > 0) {
            request.header("Range", "bytes=" + start + "-");
        }
        HttpResponse<InputStream> response;
        try {
            response = clients.computeIfAbsent(uri.getScheme(), this::client)
                    .send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        int status = response.statusCode();
        if (status == OK || status == PARTIAL_CONTENT && startOf(response.headers()) == start) {
            long from = status == OK ? 0 : start;
            long length = response.headers().firstValueAsLong("Content-Length").orElse(Content.UNKNOWN);
            long size = length == Content.UNKNOWN ? Content.UNKNOWN : from + length;
            return new Content(new PatientInputStream(response.body(), timeout), from, size);
        }
        response.body().close();
        if (status == RANGE_NOT_SATISFIABLE && start > 0) {
            return request(uri, 0);
        }
        if (status == NOT_FOUND || status == GONE) {
            throw notFound(uri);
        }
        throw new IOException("the server answers with status " + status);
    }

    private HttpClient client(String scheme) {
        MachineProxies proxies = new MachineProxies(apt, host, ProxySelector.getDefault());
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(timeout)
                .proxy(proxies)
                .authenticator(proxies.authenticator());
        if (scheme.equals("https")) {
            client.sslContext(MachineTrust.context(apt, host)); // takes a good part of a second to read
        }
        return client.build();
    }

    /** The first number of {@code Content-Range: bytes 100-199/200}. @rfc 9110 14.4 */
    private static long startOf(HttpHeaders headers) {
        String range = headers.firstValue("Content-Range").orElse("");
        return range.matches("bytes \\d{1,18}-.*") ? Long.parseLong(range.substring(6, range.indexOf('-'))) : -1;
    }

    private static FileNotFoundException notFound(URI uri) {
        return new FileNotFoundException(uri + " does not exist");
    }
}
