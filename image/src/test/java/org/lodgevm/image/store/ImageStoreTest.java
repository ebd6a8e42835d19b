package org.lodgevm.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.image.ImageException;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;

class ImageStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long SIZE = 1 << 20;

    @TempDir
    private Path folder;

    private ImageStore store;

    @BeforeEach
    void setUp() {
        store = new ImageStore(folder.resolve("images"));
    }

    @Test
    void whatIsAddedIsFoundByNameAndById() throws IOException {
        StoredImage added = add("debian:12", NOON);
        assertThat(added.id()).isEqualTo("debian-12-20260101-120000");
        assertThat(store.find("debian:12")).contains(added);
        assertThat(store.find(added.id())).contains(added);
        assertThat(store.find("debian:13")).isEmpty();
        assertThat(store.list().getFirst().manifest().packages()).containsExactly("apt 2.6", "dpkg 1.21");
    }

    @Test
    void ofOneNameTheNewestIsMeant() throws IOException {
        StoredImage newer = add("a", NOON.plusSeconds(60));
        StoredImage older = add("a", NOON);
        assertThat(store.find("a")).contains(newer);
        assertThat(store.prune()).containsExactly(older);
        assertThat(store.list()).containsExactly(newer);
    }

    @Test
    void whoWantsOneThatIsBeingMadeWaitsForIt() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            AtomicReference<Future<StoredImage>> second = new AtomicReference<>();
            StoredImage first = store.findOrMake("a", () -> {
                second.set(other.submit(() -> store.findOrMake("a", () -> make("a", made), waits::countDown)));
                awaited(waits);
                return make("a", made);
            }, () -> {});
            assertThat(second.get().get()).isEqualTo(first);
            assertThat(made).hasValue(1);
        }
    }

    private StoredImage make(String name, AtomicInteger made) {
        made.incrementAndGet();
        try {
            return add(name, NOON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void twoOfTheSameSecondAreTwo() throws IOException {
        StoredImage one = add("a", NOON);
        StoredImage other = add("a", NOON);
        assertThat(other.id()).isNotEqualTo(one.id());
        assertThat(store.list()).hasSize(2);
    }

    @Test
    void anImageStaysAsLongAsAnOverlayNeedsIt() throws IOException {
        StoredImage image = add("a", NOON);
        Path overlay = folder.resolve("machine.qcow2");
        image.overlay(overlay);
        try (DiskImage disk = Images.open(overlay.toString(), OpenOptions.of(Access.WRITE).as(StoredImage.FORMAT))) {
            assertThat(disk.size()).isEqualTo(SIZE);
        }
        add("a", NOON.plusSeconds(1));
        assertThat(store.prune()).isEmpty();
        assertThatThrownBy(() -> store.remove(image)).isInstanceOf(ImageException.class).hasMessageContaining("machine.qcow2");
        Files.delete(overlay);
        store.remove(image);
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void anImageStaysAsLongAsAnotherIsBuiltOnIt() throws IOException {
        StoredImage base = add("base", NOON);
        StoredImage older = add("built", NOON, Optional.of(base.id()));
        StoredImage newer = add("built", NOON.plusSeconds(1), Optional.of(base.id()));
        StoredImage newBase = add("base", NOON.plusSeconds(2));
        assertThat(store.find(newer.id()).orElseThrow().manifest().base()).contains(base.id());
        assertThatThrownBy(() -> store.remove(base)).isInstanceOf(ImageException.class).hasMessageContaining(newer.id());
        assertThat(store.prune()).containsExactly(older);
        store.remove(newer);
        assertThat(store.prune()).containsExactly(base);
        assertThat(store.list()).containsExactly(newBase);
    }

    @Test
    void onlyAnImageWithCloudInitDoesWhatItIsTold() throws IOException {
        StoredImage image = add("a", NOON);
        assertThatThrownBy(image::requireCloudInit).isInstanceOf(ImageException.class).hasMessageContaining("pull --refresh");
    }

    @Test
    void aRunsDiskGoesWithTheRun() throws IOException {
        RunDisk disk = store.runDisk(add("a", NOON));
        assertThat(disk.file()).exists();
        store.prune(); // it is alive
        assertThat(disk.file()).exists();
        disk.close();
        assertThat(disk.file()).doesNotExist();
    }

    @Test
    void whatAKilledProcessLeftIsSweptAway() throws IOException {
        Path left = Files.createDirectories(folder.resolve("images/unfinished/left/content"));
        Files.createFile(left.resolveSibling("lock"));
        Files.createFile(left.resolve("disk.qcow2"));
        store.workplace().close();
        assertThat(left).doesNotExist();
        assertThat(store.list()).isEmpty();
    }

    /** Another process would take a place without a lock for one that was left. */
    @Test
    void severalPlacesOfOneProcessKeepTheirLocks() throws IOException {
        Path locks = Path.of("/proc/locks");
        assumeTrue(Files.isReadable(locks), "needs Linux");
        try (Workplace first = store.workplace(); Workplace second = store.workplace()) {
            for (Workplace place : List.of(first, second)) {
                assertThat(locks).content().contains(":%s ".formatted(Files.getAttribute(place.folder().resolve("lock"), "unix:ino")));
            }
        }
    }

    @Test
    void aDamagedManifestIsNoImage() throws IOException {
        StoredImage image = add("a", NOON);
        Files.writeString(image.folder().resolve(StoredImage.MANIFEST), "Name: a\nCreated: yesterday\n");
        assertThat(store.list()).isEmpty();
    }

    private StoredImage add(String name, Instant created) throws IOException {
        return add(name, created, Optional.empty());
    }

    private StoredImage add(String name, Instant created, Optional<String> base) throws IOException {
        try (Workplace place = store.workplace()) {
            Images.create(place.file("disk.qcow2").toString(), StoredImage.FORMAT, SIZE, CreateOptions.none(), ReferencePolicy.ALLOW);
            return store.add(place, new Manifest(name, created, "linux 6", "here", base, List.of("apt 2.6", "dpkg 1.21")));
        }
    }
}
