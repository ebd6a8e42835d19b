package org.lodgevm.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Repair;

/**
 * Images that QEMU 7.2 made, for hosts that do not have it: of 2 MiB, by {@code write -P 17 0 64k} and {@code write -P 34 1M
 * 100k}. The one with a snapshot had {@code write -P 51 0 64k} before that.
 */
class RecordedImagesTest {
    private static final int SIZE = 2 << 20;

    @TempDir
    private Path folder;

    private Path recorded(String name) throws IOException {
        try (InputStream packed = RecordedImagesTest.class.getResourceAsStream(name + ".gz"); InputStream image = new GZIPInputStream(packed)) {
            Path file = folder.resolve(name);
            Files.copy(image, file);
            return file;
        }
    }

    private static byte[] expected() {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, 0, 64 << 10, (byte) 17);
        Arrays.fill(content, 1 << 20, (1 << 20) + (100 << 10), (byte) 34);
        return content;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "v3.qcow2", "v2.qcow2", "subclusters.qcow2", "snapshots.qcow2", "zlib.qcow2", "zstd.qcow2", "monolithic.vmdk", "stream.vmdk", "dynamic.vpc",
        "dynamic.vdi", "dynamic.vhdx"
    })
    void theirContentIsWhatWasWritten(String name) throws IOException {
        try (DiskImage disk = Images.open(recorded(name), Access.READ)) {
            assertThat(disk.info().format()).isEqualTo(name.replaceFirst(".*\\.", ""));
            assertThat(Content.of(disk)).isEqualTo(expected());
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v3.qcow2", "v2.qcow2", "snapshots.qcow2", "zlib.qcow2", "zstd.qcow2", "monolithic.vmdk", "dynamic.vpc", "dynamic.vdi", "dynamic.vhdx"})
    void theyCanBeWrittenTo(String name) throws IOException {
        Path file = recorded(name);
        Content content = new Content(SIZE, 1);
        System.arraycopy(expected(), 0, content.bytes(), 0, SIZE);
        try (DiskImage disk = Images.open(file, Access.WRITE)) {
            for (int i = 0; i < 50; i++) {
                content.change(disk, 1 << 17);
            }
        }
        try (DiskImage disk = Images.open(file, Access.READ)) {
            content.assertIn(disk);
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
    }

    @Test
    void theSnapshotHasWhatWasThereBefore() throws IOException {
        byte[] before = new byte[SIZE];
        Arrays.fill(before, 0, 64 << 10, (byte) 51);
        try (DiskImage disk = Images.open(recorded("snapshots.qcow2"), Access.WRITE)) {
            assertThat(disk.snapshots().list()).singleElement().satisfies(entry -> {
                assertThat(entry.name()).isEqualTo("before");
                assertThat(entry.diskSize()).isEqualTo(SIZE);
            });
            try (DiskImage snapshot = disk.snapshots().open("before")) {
                assertThat(Content.of(snapshot)).isEqualTo(before);
            }
            disk.snapshots().apply("1");
            assertThat(Content.of(disk)).isEqualTo(before);
            assertThat(disk.check(Repair.NONE).isClean()).isTrue();
        }
    }
}
