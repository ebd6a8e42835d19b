package org.lodgevm.image.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.TestProcess;

@Timeout(60)
class CacheTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
    private static final Digest DIGEST = Digest.of(CONTENT);
    private static final FileTime LONG_AGO = FileTime.from(Instant.now().minus(Duration.ofDays(100)));

    @TempDir
    private Path folder;

    private Cache cache;

    @BeforeEach
    void setUp() {
        cache = new Cache(folder.resolve("cache"));
    }

    @Test
    void anEmptyCacheHasNothingAndIsNotCreatedByLooking() {
        assertThat(cache.object(DIGEST)).isEmpty();
        assertThat(cache.record("x")).isEmpty();
        assertThat(cache.folder()).doesNotExist();
    }

    @Test
    void whatIsStoredIsFoundByItsHash() throws IOException {
        try (CacheLock lock = lock()) {
            assertThat(lock.store(out -> out.write(CONTENT)).digest()).isEqualTo(DIGEST);
        }
        assertThat(cache.object(DIGEST).orElseThrow()).hasBinaryContent(CONTENT);
        assertThat(list("partial")).isEmpty();
    }

    @Test
    void anObjectThatChangedIsNotFound() throws IOException {
        Path object = store();
        for (byte[] damaged : List.of(new byte[0], "kontent".getBytes(StandardCharsets.UTF_8), new byte[1000])) {
            Files.write(object, damaged);
            assertThat(cache.object(DIGEST)).isEmpty();
        }
        store();
        assertThat(cache.object(DIGEST)).isPresent();
    }

    @Test
    void aFinishedDownloadBecomesAnObjectAndAWrongOneIsDiscarded() throws IOException {
        try (CacheLock lock = lock()) {
            write(lock.download(DIGEST, 0), "kontent".getBytes(StandardCharsets.UTF_8));
            assertThat(lock.adopt(DIGEST)).isEmpty();
            assertThat(lock.begun(DIGEST)).isZero();
            write(lock.download(DIGEST, 0), CONTENT);
            assertThat(lock.adopt(DIGEST)).isPresent();
            assertThat(list("partial")).isEmpty();
        }
    }

    @Test
    void aDownloadIsGoneOnWithWhereItStopped() throws IOException {
        try (CacheLock lock = lock()) {
            write(lock.download(DIGEST, 0), Arrays.copyOf(CONTENT, 3));
        }
        try (CacheLock lock = lock()) {
            assertThat(lock.begun(DIGEST)).isEqualTo(3);
            write(lock.download(DIGEST, 3), Arrays.copyOfRange(CONTENT, 3, CONTENT.length));
            assertThat(lock.adopt(DIGEST)).isPresent();
        }
    }

    @Test
    void contentThatCannotBeMadeIsNotMistakenForADiskThatCannotBeWritten() {
        try (CacheLock lock = lock()) {
            assertThatThrownBy(() -> lock.store(out -> {
                        throw new IOException("malformed");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("malformed");
        }
    }

    @Test
    void aFullDiskIsSaidToBeFull() {
        assumeTrue(Files.isWritable(Path.of("/dev/full")), "needs /dev/full");
        assertThatThrownBy(() -> write(new CacheOutput(cache, Path.of("/dev/full")), CONTENT))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("Cannot write /dev/full: No space left on device. Free some space")
                .hasMessageContaining("XDG_CACHE_HOME");
    }

    @Test
    void recordsAreReplacedWhole() {
        try (CacheLock lock = lock()) {
            lock.putRecord("x", List.of("one", "two"));
            lock.putRecord("x", List.of("three"));
        }
        assertThat(cache.record("x")).contains(List.of("three"));
    }

    @Test
    void whatAKilledProcessWasMakingIsSweptAway() throws IOException {
        try (CacheLock lock = lock()) {
            assertThatThrownBy(() -> lock.store(out -> {
                        out.write(CONTENT);
                        throw new OutOfMemoryError("stands for a kill");
                    }))
                    .isInstanceOf(OutOfMemoryError.class);
            write(lock.download(DIGEST, 0), new byte[3]);
        }
        assertThat(list("partial")).hasSize(2);
        lock().close();
        assertThat(list("partial")).containsExactly(DIGEST.sha256()); // a download may be gone on with
        assertThat(list("objects")).isEmpty();
    }

    @Test
    void oldObjectsAreKeptOnlyIfARecordMentionsThem() throws IOException {
        Digest other = Digest.of(new byte[] {1});
        try (CacheLock lock = lock()) {
            lock.store(out -> out.write(CONTENT));
            lock.store(out -> out.write(1));
            lock.putRecord("x", List.of("kernel " + DIGEST.sha256()));
        }
        Files.setLastModifiedTime(object(DIGEST), LONG_AGO);
        Files.setLastModifiedTime(object(other), LONG_AGO);
        lock().close();
        assertThat(list("objects")).containsExactly(DIGEST.sha256());
    }

    @Test
    void usingAnObjectKeepsIt() throws IOException {
        Files.setLastModifiedTime(store(), LONG_AGO);
        assertThat(cache.object(DIGEST)).isPresent();
        lock().close();
        assertThat(cache.object(DIGEST)).isPresent();
    }

    @Test
    void oneThreadAtATimeHasTheLock() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger waits = new AtomicInteger();
        List<CompletableFuture<Void>> all = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                    try (CacheLock lock = cache.lock(waits::incrementAndGet)) {
                        assertThat(holders.incrementAndGet()).isEqualTo(1);
                        lock.store(out -> out.write(CONTENT));
                        Thread.sleep(20);
                        holders.decrementAndGet();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }))
                .limit(8)
                .toList();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
        assertThat(cache.object(DIGEST)).isPresent();
    }

    @Test
    void aProcessThatIsKilledLosesTheLock() throws Exception {
        Process other = holder();
        AtomicInteger waits = new AtomicInteger();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(
                () -> cache.lock(waits::incrementAndGet).close());
        while (waits.get() == 0) {
            Thread.sleep(10);
        }
        assertThat(waiting).isNotDone();
        other.destroyForcibly();
        waiting.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(folder.resolve("file"), "in the way");
        Cache impossible = new Cache(folder.resolve("file").resolve("cache"));
        assertThatThrownBy(() -> impossible.lock(() -> {}))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("Cannot write " + folder.resolve("file"))
                .hasMessageContaining("XDG_CACHE_HOME");
    }

    /** Another process that holds the lock until it is killed. */
    private Process holder() throws IOException {
        Process process = TestProcess.start(LockHolder.class, cache.folder().toString());
        assertThat(process.getInputStream().read()).isEqualTo('!');
        return process;
    }

    static final class LockHolder {
        private LockHolder() {}

        @SuppressWarnings("try")
        public static void main(String[] arguments) throws InterruptedException {
            try (CacheLock lock = new Cache(Path.of(arguments[0])).lock(() -> {})) {
                System.out.print('!');
                System.out.flush();
                Thread.sleep(Duration.ofMinutes(1));
            }
        }
    }

    private static void write(OutputStream out, byte[] content) throws IOException {
        try (out) {
            out.write(content);
        }
    }

    private CacheLock lock() {
        return cache.lock(() -> {});
    }

    private Path store() throws IOException {
        try (CacheLock lock = lock()) {
            lock.store(out -> out.write(CONTENT));
        }
        return object(DIGEST);
    }

    private Path object(Digest digest) {
        return cache.folder().resolve("objects").resolve(digest.sha256());
    }

    private List<String> list(String name) throws IOException {
        try (Stream<Path> files = Files.list(cache.folder().resolve(name))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
