package org.lodgevm.image.guest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.lodgevm.image.cache.Digest;
import org.lodgevm.image.deb.DebBuilder;
import org.lodgevm.image.pgp.TestKey;

/** A package archive on this machine, which a test fills, signs and breaks. */
final class FakeArchive implements AutoCloseable {
    static final String SUITE = "stable";

    /** What the server does instead of delivering a file. */
    interface Answer {
        void to(HttpExchange exchange, byte[] content) throws IOException;
    }

    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, List<String>> stanzas = new LinkedHashMap<>();
    private final List<String> releaseFields = new ArrayList<>();

    FakeArchive() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/debian";
    }

    /** Adds a package to the pool and to the index that {@link #publish} makes. */
    FakeArchive add(String name, String version, String architecture, String fields, DebBuilder content) {
        byte[] deb = content.build(".xz");
        String path = poolPath(name, version, architecture);
        files.put(path, deb);
        stanzas.computeIfAbsent(architecture, key -> new ArrayList<>()).add("""
                Package: %s
                Version: %s
                Architecture: %s
                %sFilename: %s
                Size: %d
                SHA256: %s
                """.formatted(name, version, architecture, fields, path, deb.length, Digest.of(deb).sha256()));
        return this;
    }

    /** Forgets all packages: in the index, and in the pool. */
    void clear() {
        stanzas.clear();
        files.keySet().removeIf(path -> path.startsWith("pool/"));
    }

    /** Adds a field to the Release file. */
    FakeArchive release(String field) {
        releaseFields.add(field);
        return this;
    }

    FakeArchive validUntil(Instant instant) {
        return release("Valid-Until: " + date(instant));
    }

    /** Makes index and Release file of what there is, signed in the file itself. */
    FakeArchive publish(TestKey key) {
        String release = makeRelease(".xz");
        put("InRelease", key.clearSign(release));
        return this;
    }

    /** The same in the older way: a signature beside the Release file, and gzip. */
    FakeArchive publishDetached(TestKey key) {
        byte[] release = makeRelease(".gz").getBytes(StandardCharsets.UTF_8);
        put("Release", release);
        put("Release.gpg", key.detachedSign(release));
        return this;
    }

    /** What the suite's file holds. */
    byte[] get(String path) {
        return files.get("dists/" + SUITE + "/" + path);
    }

    void put(String path, byte[] content) {
        files.put("dists/" + SUITE + "/" + path, content);
    }

    static String poolPath(String name, String version, String architecture) {
        return "pool/main/" + name + "_" + version.replaceFirst("^\\d+:", "") + "_" + architecture + ".deb";
    }

    /** Lets something happen whenever a file is asked for whose path ends so. */
    void when(String suffix, Answer answer) {
        answers.put(suffix, answer);
    }

    void repair() {
        answers.clear();
    }

    /** The paths asked for so far, with the ranges. */
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Another content, of the same length. */
    static Answer corrupted() {
        return (exchange, content) -> {
            byte[] corrupted = content.clone();
            corrupted[content.length / 2] ^= 1;
            deliver(exchange, corrupted);
        };
    }

    /** So much of it; then the connection ends. */
    static Answer cutOffAfter(int length) {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, length);
            exchange.getResponseBody().flush();
            throw new IOException("cut off");
        };
    }

    private String makeRelease(String compression) {
        StringBuilder hashes = new StringBuilder();
        for (String architecture : List.of("amd64", "i386")) {
            String packages = String.join("\n", stanzas.getOrDefault(architecture, List.of()));
            String path = "main/binary-" + architecture + "/Packages" + compression;
            byte[] content = DebBuilder.compress(packages.getBytes(StandardCharsets.UTF_8), compression);
            put(path, content);
            put("main/binary-" + architecture + "/by-hash/SHA256/" + Digest.of(content).sha256(), content);
            hashes.append(" %s %d %s\n".formatted(Digest.of(content).sha256(), content.length, path));
        }
        return "Origin: Test\nSuite: " + SUITE + "\nCodename: test\nDate: " + date(Instant.now()) + "\n"
                + releaseFields.stream().map(field -> field + "\n").reduce("", String::concat)
                + "MD5Sum:\n 0 0 nothing\nSHA256:\n" + hashes;
    }

    private static String date(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC)).replace("GMT", "UTC");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath().replaceFirst("^/debian/", "");
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(range == null ? path : path + " " + range);
        byte[] content = files.get(path);
        try (exchange) {
            Answer answer = answers.entrySet().stream()
                    .filter(entry -> path.endsWith(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(FakeArchive::deliver);
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                answer.to(exchange, content);
            }
        }
    }

    static void deliver(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (start > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
        }
        byte[] body = Arrays.copyOfRange(content, start, content.length);
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
