package org.lodgevm.storage.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Qemu;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.storage.copy.ImageCopy;
import org.lodgevm.storage.copy.Progress;

/** The same images in our hands and in QEMU's. */
class Qcow2QemuTest {
    private static final int SIZE = 3 << 20;

    @TempDir
    private Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    private Path create(String name, long size, String options) throws IOException {
        Images.create(file(name).toString(), "qcow2", size, options.isEmpty() ? CreateOptions.none() : CreateOptions.parse(options), ReferencePolicy.ALLOW);
        return file(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "compat=0.10", "cluster_size=512", "cluster_size=4k,refcount_bits=1", "cluster_size=2M", "refcount_bits=64,cluster_size=1k",
        "refcount_bits=2,cluster_size=2k", "refcount_bits=4", "refcount_bits=8", "refcount_bits=32", "lazy_refcounts=on",
        "preallocation=metadata", "preallocation=full", "compression_type=zstd", "compat=0.10,cluster_size=512"
    })
    void whatWeWriteQemuReadsAndFindsInOrder(String options) throws IOException {
        Path image = create("a.qcow2", SIZE, options);
        Content content = new Content(SIZE, options.hashCode());
        for (int round = 0; round < 2; round++) {
            try (DiskImage disk = Images.open(image, Access.WRITE)) {
                for (int i = 0; i < 40; i++) {
                    content.change(disk, 1 << 18);
                }
                content.assertIn(disk);
            }
            assertThat(Qemu.img("check", image)).contains("No errors were found on the image.");
            Qemu.img("compare", "-f", "raw", "-F", "qcow2", content.save(file("raw")), image);
        }
        try (DiskImage disk = Images.open(image, Access.READ)) {
            content.assertIn(disk);
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
    }

    /** Tables longer than what one block of refcounts counts: first the disk's, then that of the refcounts themselves. */
    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=512", "cluster_size=512,refcount_bits=64"})
    void tablesGrowBeyondABlockOfRefcounts(String options) throws IOException {
        Path image = create("a.qcow2", SIZE, options);
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            disk.resize(64L << 30);
            disk.resize(128L << 30);
            ByteBuffer content = ByteBuffer.allocate(80 << 20);
            disk.write(disk.size() - content.capacity(), content.put(7, (byte) 1).clear());
        }
        assertThat(Qemu.img("check", image)).contains("No errors were found on the image.");
        try (DiskImage disk = Images.open(image, Access.READ)) {
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "compat=1.1", "compat=0.10", "cluster_size=512", "cluster_size=4k,refcount_bits=1", "cluster_size=2M", "refcount_bits=64", "lazy_refcounts=on",
        "preallocation=metadata", "extended_l2=on", "extended_l2=on,cluster_size=16k"
    })
    void whatQemuWritesWeReadAndGoOnWith(String options) throws IOException {
        Path image = file("q.qcow2");
        Qemu.img("create", "-f", "qcow2", "-o", options, image, SIZE);
        Random random = new Random(options.hashCode());
        String[] commands = new String[30];
        for (int i = 0; i < commands.length; i++) {
            int offset = random.nextInt(SIZE / 512 - 600) * 512;
            int length = (1 + random.nextInt(512)) * 512;
            commands[i] = switch (random.nextInt(4)) {
                case 0 -> "write -z %d %d".formatted(offset, length);
                case 1 -> "discard %d %d".formatted(offset & -65536, length + 65535 & -65536);
                default -> "write -P %d %d %d".formatted(1 + random.nextInt(255), offset, length);
            };
        }
        Qemu.io(image, "qcow2", commands);
        Qemu.img("convert", "-O", "raw", image, file("raw"));
        Content content = new Content(SIZE, 5);
        try (DiskImage disk = Images.open(image, Access.READ); DiskImage raw = Images.open(file("raw"), Access.READ)) {
            System.arraycopy(Content.of(raw), 0, content.bytes(), 0, SIZE);
            content.assertIn(disk);
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
        if (options.contains("extended_l2")) {
            return;
        }
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            for (int i = 0; i < 40; i++) {
                content.change(disk, 1 << 18);
            }
        }
        assertThat(Qemu.img("check", image)).contains("No errors were found on the image.");
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", content.save(file("raw2")), image);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=1.1", "compat=0.10", "cluster_size=512"})
    void anOverlayShowsWhatIsBelowUntilItIsWrittenTo(String options) throws IOException {
        Path below = create("below.qcow2", SIZE / 2, options);
        Content content = new Content(SIZE, 3);
        try (DiskImage disk = Images.open(below, Access.WRITE)) {
            content.write(disk, 70_000, 900_000);
        }
        Path image = create("over.qcow2", SIZE, options + ",backing_file=below.qcow2,backing_fmt=qcow2");
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            content.assertIn(disk);
            for (int i = 0; i < 80; i++) {
                content.change(disk, 1 << 17);
            }
            content.assertIn(disk);
        }
        assertThat(Qemu.img("check", image)).contains("No errors were found on the image.");
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", content.save(file("raw")), image);
        assertThat(Qemu.img("info", image)).contains("backing file: below.qcow2 (actual path: " + below + ")", "backing file format: qcow2");
    }

    @Test
    void qemuCommitsIntoABackingFileAndSoDoWe() throws IOException {
        Path below = create("below.qcow2", SIZE / 2, "");
        Content content = new Content(SIZE, 4);
        try (DiskImage disk = Images.open(below, Access.WRITE)) {
            content.write(disk, 0, SIZE / 2);
        }
        Path image = create("over.qcow2", SIZE, "backing_file=below.qcow2,backing_fmt=qcow2");
        try (DiskImage disk = Images.open(image.toString(), org.lodgevm.storage.catalog.OpenOptions.of(Access.WRITE).withWritableBacking())) {
            for (int i = 0; i < 50; i++) {
                content.change(disk, 1 << 17);
            }
            ImageCopy.commit(disk, Progress.SILENT);
            content.assertIn(disk);
        }
        assertThat(Qemu.img("check", image)).contains("No errors");
        assertThat(Qemu.img("check", below)).contains("No errors");
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", content.save(file("raw")), below);
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", file("raw"), image);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compression_type=zlib", "compression_type=zstd", "compat=0.10", "cluster_size=512", "cluster_size=2M", "refcount_bits=1"})
    void compressedClustersPassBothWays(String options) throws IOException {
        Content content = new Content(SIZE, 8);
        Path raw = file("raw");
        Images.create(raw.toString(), "raw", SIZE, CreateOptions.none(), ReferencePolicy.ALLOW);
        try (DiskImage disk = Images.open(raw, Access.WRITE)) {
            for (int i = 0; i < 20; i++) {
                content.write(disk, i * 130_000, 90_000);
            }
        }
        Qemu.img("convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, raw, file("theirs.qcow2"));
        try (DiskImage disk = Images.open(file("theirs.qcow2"), Access.WRITE)) {
            content.assertIn(disk);
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
            for (int i = 0; i < 30; i++) {
                content.change(disk, 100_000);
            }
            content.assertIn(disk);
        }
        assertThat(Qemu.img("check", file("theirs.qcow2"))).contains("No errors");
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", content.save(raw), file("theirs.qcow2"));

        create("ours.qcow2", SIZE, options);
        try (DiskImage from = Images.open(raw, Access.READ); DiskImage to = Images.open(file("ours.qcow2"), Access.WRITE)) {
            new ImageCopy(from, to, true, ImageCopy.SPARSE, true, false, Progress.SILENT).run();
            content.assertIn(to);
        }
        assertThat(Qemu.img("check", file("ours.qcow2"))).contains("No errors");
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", raw, file("ours.qcow2"));
        assertThat(Qemu.img("check", "--output=json", file("ours.qcow2"))).contains("\"compressed-clusters\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=1.1", "compat=0.10", "cluster_size=1k", "refcount_bits=64"})
    void snapshotsAreQemus(String options) throws IOException {
        Path image = create("s.qcow2", SIZE, options);
        Content first = new Content(SIZE, 1);
        Content second = new Content(SIZE, 2);
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            first.write(disk, 100_000, 800_000);
            disk.snapshots().create("one");
            System.arraycopy(first.bytes(), 0, second.bytes(), 0, SIZE);
            for (int i = 0; i < 40; i++) {
                second.change(disk, 1 << 17);
            }
            second.assertIn(disk);
            disk.snapshots().create("two");
            second.assertIn(disk);
            disk.snapshots().apply("one");
            first.assertIn(disk);
        }
        assertThat(Qemu.img("check", image)).contains("No errors");
        assertThat(Qemu.img("snapshot", "-l", image)).contains("one", "two");
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", first.save(file("raw1")), image);
        Qemu.img("convert", "-l", "snapshot.name=two", "-O", "raw", image, file("two.raw"));
        Qemu.img("compare", "-f", "raw", "-F", "raw", second.save(file("raw2")), file("two.raw"));
        Qemu.img("snapshot", "-a", "two", image);
        Qemu.img("snapshot", "-c", "three", image);
        Qemu.img("snapshot", "-d", "one", image);
        assertThat(Qemu.img("check", image)).contains("No errors");
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            second.assertIn(disk);
            assertThat(disk.snapshots().list()).extracting(entry -> entry.name()).containsExactly("two", "three");
            disk.snapshots().delete("two");
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
            disk.snapshots().delete("three");
            for (int i = 0; i < 20; i++) {
                second.change(disk, 1 << 17);
            }
        }
        assertThat(Qemu.img("check", image)).contains("No errors");
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", second.save(file("raw2")), image);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compat=1.1", "cluster_size=512", "compat=0.10"})
    void disksGrowAndShrink(String options) throws IOException {
        Path image = create("r.qcow2", SIZE, options);
        Content content = new Content(2 * SIZE, 6);
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            content.write(disk, 0, SIZE);
            disk.resize(SIZE / 2 + 512);
            disk.resize(2 * SIZE);
            java.util.Arrays.fill(content.bytes(), SIZE / 2 + 512, 2 * SIZE, (byte) 0);
            content.assertIn(disk);
            content.write(disk, SIZE + 5, SIZE / 2);
        }
        assertThat(Qemu.img("check", image)).contains("No errors");
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", content.save(file("raw")), image);
    }

    @Test
    void bitmapsAreListedAndKnownToBeOutOfDateOnceWeWrite() throws IOException {
        Path image = file("b.qcow2");
        Qemu.img("create", "-f", "qcow2", image, SIZE);
        Qemu.img("bitmap", "--add", "-g", "64k", image, "since-monday");
        Qemu.io(image, "qcow2", "write -P 3 0 1M");
        try (DiskImage disk = Images.open(image, Access.READ)) {
            assertThat(disk.info().details().get("bitmaps").toString()).contains("since-monday", "65536");
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            new Content(SIZE, 1).write(disk, 0, 5000);
            disk.check(Repair.LEAKS);
        }
        assertThat(Qemu.img("info", image)).doesNotContain("since-monday");
        assertThat(Qemu.img("check", image)).contains("No errors");
    }

    @Test
    void leaksAndWrongCountsAreFoundAndMended() throws IOException {
        Path image = create("m.qcow2", SIZE, "");
        Content content = new Content(SIZE, 9);
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            content.write(disk, 0, SIZE);
        }
        try (var file = java.nio.channels.FileChannel.open(image, java.nio.file.StandardOpenOption.READ, java.nio.file.StandardOpenOption.WRITE)) {
            java.nio.ByteBuffer word = java.nio.ByteBuffer.allocate(8);
            file.read(word, 48);
            long block = readLong(file, word.getLong(0));
            file.write(java.nio.ByteBuffer.allocate(2), block + 2 * 10); // in use, counted as free
            file.write(java.nio.ByteBuffer.allocate(2).putShort(0, (short) 1), block + 2 * 60); // the contrary
            file.write(java.nio.ByteBuffer.allocate(1), 61 * 65536 - 1);
        }
        assertThat(Qemu.run("qemu-img", "check", image.toString()).text()).contains("2 errors were found", "1 leaked clusters");
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            var report = disk.check(Repair.NONE);
            assertThat(report.corruptions()).isEqualTo(1);
            assertThat(report.leaks()).isEqualTo(1);
            assertThat(disk.check(Repair.LEAKS).leaksFixed()).isEqualTo(1);
            assertThat(disk.check(Repair.ALL).corruptionsFixed()).isEqualTo(1);
            content.assertIn(disk);
        }
        assertThat(Qemu.img("check", image)).contains("No errors");
    }

    @Test
    void qemuDoesNotTouchWhatWeHaveOpen() throws IOException {
        Path image = create("l.qcow2", SIZE, "");
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            assertThat(Qemu.run("qemu-img", "info", image.toString()).text()).contains("Failed to get shared \"write\" lock");
            disk.flush();
        }
        try (DiskImage disk = Images.open(image, Access.READ)) {
            assertThat(Qemu.img("info", image)).contains("qcow2");
            assertThat(Qemu.run("qemu-img", "snapshot", "-c", "x", image.toString()).text()).contains("lock");
            assertThat(disk.size()).isEqualTo(SIZE);
        }
    }

    @Test
    void whatLazyCountsLeaveBehindIsMendedWhenTheImageIsOpened() throws IOException {
        Path image = file("lazy.qcow2");
        Qemu.img("create", "-f", "qcow2", "-o", "lazy_refcounts=on", image, SIZE);
        Qemu.run("qemu-io", "-f", "qcow2", "-c", "write -P 5 0 1M", "-c", "flush", "-c", "abort", image.toString());
        assertThat(Qemu.run("qemu-img", "check", image.toString()).status()).isNotZero();
        try (DiskImage disk = Images.open(image, Access.READ)) {
            assertThat(disk.info().dirty()).isTrue();
        }
        try (DiskImage disk = Images.open(image, Access.WRITE)) {
            assertThat(disk.info().dirty()).isFalse();
            assertThat(Content.of(disk)).startsWith(5, 5, 5);
        }
        assertThat(Qemu.img("check", image)).contains("No errors");
    }

    private static long readLong(java.nio.channels.FileChannel file, long at) throws IOException {
        java.nio.ByteBuffer word = java.nio.ByteBuffer.allocate(8);
        file.read(word, at);
        return word.getLong(0);
    }
}
