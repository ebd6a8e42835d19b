package org.lodgevm.storage.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.Alone;
import org.lodgevm.storage.CheckReport;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.FullDisk;
import org.lodgevm.storage.MemoryStore;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.ReferencePolicy;

/** An image in the hands of many threads, and on a host whose disk is full. */
class Qcow2ConcurrencyTest {
    private static final int SIZE = 4 << 20;
    private static final int THREADS = 8;

    @TempDir
    private Path folder;

    /** Every thread has sectors of its own, which share clusters with those of all others. */
    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=64k", "cluster_size=4k", "cluster_size=64k,lazy_refcounts=on"})
    void threadsThatShareClustersDoNotHarmEachOther(String options) throws Exception {
        Path file = folder.resolve("disk.qcow2");
        Images.create(file.toString(), "qcow2", SIZE, CreateOptions.parse(options), ReferencePolicy.ALLOW);
        byte[] expected = new byte[SIZE];
        try (DiskImage disk = Images.open(file, Access.WRITE); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int own = i;
                work.add(threads.submit(() -> {
                    work(disk, expected, own);
                    return null;
                }));
            }
            for (int i = 0; i < 20; i++) {
                changeBookkeeping(disk);
            }
            for (Future<?> each : work) {
                each.get();
            }
            assertThat(Content.of(disk)).isEqualTo(expected);
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
        try (DiskImage disk = Images.open(file, Access.READ)) {
            assertThat(Content.of(disk)).isEqualTo(expected);
        }
    }

    private static void work(DiskImage disk, byte[] expected, int own) throws IOException {
        Random random = new Random(own);
        for (int i = 0; i < 250; i++) {
            int sector = random.nextInt(SIZE / 512 / THREADS) * THREADS + own;
            byte[] content = new byte[512];
            switch (random.nextInt(8)) {
                case 0 -> disk.writeZeroes(sector * 512L, 512, true);
                case 1 -> {
                    disk.flush();
                    disk.read(sector * 512L, ByteBuffer.wrap(content));
                    assertThat(content).isEqualTo(Arrays.copyOfRange(expected, sector * 512, sector * 512 + 512));
                }
                default -> {
                    random.nextBytes(content);
                    disk.write(sector * 512L, ByteBuffer.wrap(content));
                }
            }
            System.arraycopy(content, 0, expected, sector * 512, 512);
        }
    }

    /** What the disk holds is the same afterwards. */
    private static void changeBookkeeping(DiskImage disk) throws IOException {
        disk.snapshots().create("meanwhile");
        assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        disk.snapshots().delete("meanwhile");
        disk.resize(disk.size() + 512);
        disk.resize(SIZE);
    }

    @Test
    @Timeout(60)
    void newClustersAreFilledSideBySideAndWhoeverWritesToOneAsWellWaits() throws Exception {
        int length = 50_000;
        MemoryStore store = new MemoryStore(new byte[0], false);
        Qcow2Format format = new Qcow2Format();
        format.create(store, SIZE, CreateOptions.parse("cluster_size=4k"), new Alone());
        byte[] expected = new byte[SIZE];
        CountDownLatch arrived = new CountDownLatch(2);
        CountDownLatch gate = new CountDownLatch(1);
        store.onWrite(bytes -> {
            if (bytes == length) {
                arrived.countDown();
                awaitQuietly(gate);
            }
        });
        try (DiskImage disk = format.open(store, new Alone()); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> held = new ArrayList<>();
            held.add(threads.submit(() -> fill(disk, expected, 1_000, length, 1)));
            held.add(threads.submit(() -> fill(disk, expected, 100_000, length, 2)));
            arrived.await();
            fill(disk, expected, 200_000, 100, 3);
            disk.flush();
            assertThat(Content.of(disk)).isEqualTo(expected);
            held.add(threads.submit(() -> fill(disk, expected, 50_990, 100, 4)));
            held.add(threads.submit(() -> fill(disk, expected, 149_990, 100, 5)));
            Future<CheckReport> check = threads.submit(() -> disk.check(Repair.ALL));
            assertThat(held).noneMatch(Future::isDone);
            gate.countDown();
            for (Future<?> each : held) {
                each.get();
            }
            assertThat(check.get().isClean()).isTrue();
            // the pieces of 100 bytes came after those that they overlap with
            Arrays.fill(expected, 50_990, 51_090, (byte) 4);
            Arrays.fill(expected, 149_990, 150_090, (byte) 5);
            assertThat(Content.of(disk)).isEqualTo(expected);
        }
    }

    private static Void fill(DiskImage disk, byte[] expected, int offset, int length, int value) throws IOException {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) value);
        disk.write(offset, ByteBuffer.wrap(content));
        System.arraycopy(content, 0, expected, offset, length);
        return null;
    }

    @Test
    @Timeout(60)
    void whileTablesAreFlushedOthersReadAndWriteWhatIsThere() throws Exception {
        MemoryStore store = new MemoryStore(new byte[0], false);
        Qcow2Format format = new Qcow2Format();
        format.create(store, SIZE, CreateOptions.parse("cluster_size=4k"), new Alone());
        Content content = new Content(SIZE, 1);
        CountDownLatch arrived = new CountDownLatch(2); // the first flush of two is of content alone
        CountDownLatch gate = new CountDownLatch(1);
        try (DiskImage disk = format.open(store, new Alone()); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            content.write(disk, 0, 100_000);
            store.onFlush(() -> {
                arrived.countDown();
                if (arrived.getCount() == 0) {
                    awaitQuietly(gate);
                }
            });
            Future<?> flush = threads.submit(() -> {
                disk.flush();
                return null;
            });
            arrived.await();
            content.write(disk, 5_000, 50_000);
            content.assertIn(disk);
            assertThat(flush.isDone()).isFalse();
            gate.countDown();
            flush.get();
            content.write(disk, 80_000, 200_000);
            disk.flush();
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
        try (DiskImage disk = format.open(store, new Alone())) {
            content.assertIn(disk);
        }
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onAFullDiskNothingIsLostAndWorkGoesOnOnceThereIsSpace() throws IOException {
        FullDisk store = new FullDisk(600_000);
        Qcow2Format format = new Qcow2Format();
        format.create(store, SIZE, CreateOptions.parse("cluster_size=4k"), new Alone());
        Content content = new Content(SIZE, 1);
        try (DiskImage disk = format.open(store, new Alone())) {
            content.write(disk, 0, 500_000);
            disk.flush();
            for (int i = 0; i < 50; i++) {
                int at = 600_000 + i * 20_000;
                assertThatThrownBy(() -> disk.write(at, ByteBuffer.allocate(200_000).put(9, (byte) 1))).hasMessageContaining("No space left");
            }
            byte[] readable = Content.of(disk);
            assertThat(Arrays.copyOf(readable, 600_000)).isEqualTo(Arrays.copyOf(content.bytes(), 600_000));
            store.allow(100 << 20);
            content.write(disk, 600_000, 1_300_000);
            content.assertIn(disk);
            disk.flush();
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
        try (DiskImage disk = format.open(store, new Alone())) {
            content.assertIn(disk);
        }
    }
}
