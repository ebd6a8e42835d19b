package org.lodgevm.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Qemu;
import org.lodgevm.storage.copy.ImageCopy;
import org.lodgevm.storage.copy.Progress;

/** What is asked of every format: to hold a disk, and to be to QEMU what it is to us. */
class FormatsTest {
    private static final int SIZE = (5 << 20) + 512 * 3;

    @TempDir
    private Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    private static CreateOptions options(String text) {
        return text == null ? CreateOptions.none() : CreateOptions.parse(text);
    }

    @ParameterizedTest
    @CsvSource({
        "raw,", "raw, preallocation=full", "qcow2,", "vdi,", "vdi, static=on", "vpc,", "vpc, subformat=fixed", "vmdk,", "vmdk, zeroed_grain=on", "vmdk, subformat=monolithicFlat", "vhdx,",
        "vhdx, subformat=fixed", "vhdx, block_size=1M"
    })
    void whatWeWriteQemuReads(String format, String options) throws IOException {
        Path image = file("image");
        Images.create(image.toString(), format, SIZE, options(options), ReferencePolicy.ALLOW);
        Content content = new Content(SIZE, 7);
        for (int round = 0; round < 2; round++) {
            try (DiskImage disk = Images.open(image.toString(), OpenOptions.of(Access.WRITE).as(format))) {
                assertThat(disk.size()).isEqualTo(SIZE);
                for (int i = 0; i < 40; i++) {
                    content.change(disk, 1 << 19);
                }
                content.assertIn(disk);
            }
            assertThat(Qemu.img("compare", "-f", "raw", "-F", format, content.save(file("raw")), image)).isEqualTo("Images are identical.\n");
            if (Images.format(format).name().matches("vdi|vhdx|qcow2") || format.equals("vmdk") && options == null) {
                assertThat(Qemu.img("check", "-f", format, image)).contains("No errors");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "raw,", "qcow2,", "vdi,", "vdi, static=on", "vpc, force_size=on", "vpc, 'subformat=fixed,force_size=on'", "vmdk,", "vmdk, zeroed_grain=on",
        "vmdk, subformat=monolithicFlat", "vmdk, subformat=twoGbMaxExtentSparse", "vmdk, subformat=twoGbMaxExtentFlat", "vhdx,",
        "vhdx, subformat=fixed", "vhdx, block_size=1M"
    })
    void whatQemuWritesWeReadAndGoOnWith(String format, String options) throws IOException {
        Path image = file("image");
        if (options == null) {
            Qemu.img("create", "-f", format, image, SIZE);
        } else {
            Qemu.img("create", "-f", format, "-o", options, image, SIZE);
        }
        Random random = new Random(3);
        String[] commands = new String[20];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = "write %s %d %d".formatted(i % 5 == 0 ? "-z" : "-P " + (1 + random.nextInt(255)), random.nextInt(9000) * 512, (1 + random.nextInt(1000)) * 512);
        }
        Qemu.io(image, format, commands);
        Qemu.img("convert", "-f", format, "-O", "raw", image, file("theirs"));
        Content content = new Content(SIZE, 4);
        System.arraycopy(Files.readAllBytes(file("theirs")), 0, content.bytes(), 0, SIZE);
        try (DiskImage disk = Images.open(image.toString(), OpenOptions.of(Access.READ).as(format))) {
            content.assertIn(disk);
        }
        try (DiskImage disk = Images.open(image.toString(), OpenOptions.of(Access.WRITE).as(format))) {
            for (int i = 0; i < 40; i++) {
                content.change(disk, 1 << 19);
            }
        }
        Qemu.img("compare", "-f", "raw", "-F", format, content.save(file("raw")), image);
    }

    @ParameterizedTest
    @CsvSource({"qcow2", "vdi", "vpc", "vmdk", "vhdx"})
    void formatsAreKnownByTheirBeginning(String format) throws IOException {
        Images.create(file("image").toString(), format, SIZE, CreateOptions.none(), ReferencePolicy.ALLOW);
        try (DiskImage disk = Images.open(file("image"), Access.READ)) {
            assertThat(disk.info().format()).isEqualTo(format);
        }
        assertThat(Qemu.img("info", file("image"))).contains("file format: " + format);
    }

    @ParameterizedTest
    @CsvSource({"vdi", "vpc", "vmdk", "qcow2", "raw"})
    void convertedImagesTakeNoMoreSpaceThanTheirContent(String format) throws IOException {
        Content content = new Content(64 << 20, 1);
        Path raw = file("raw");
        Images.create(raw.toString(), "raw", 64 << 20, CreateOptions.none(), ReferencePolicy.ALLOW);
        Images.create(file("new").toString(), format, 64 << 20, CreateOptions.none(), ReferencePolicy.ALLOW);
        try (DiskImage from = Images.open(raw, Access.WRITE); DiskImage to = Images.open(file("new").toString(), OpenOptions.of(Access.WRITE).as(format))) {
            content.write(from, 33 << 20, 5000);
            new ImageCopy(from, to, true, ImageCopy.SPARSE, false, false, Progress.SILENT).run();
            ByteBuffer piece = ByteBuffer.allocate(5000);
            to.read(33 << 20, piece);
            assertThat(piece.array()).isEqualTo(java.util.Arrays.copyOfRange(content.bytes(), 33 << 20, (33 << 20) + 5000));
            if (!format.equals("raw")) {
                assertThat(to.info().allocated()).isLessThan(6 << 20);
            }
        }
    }

    @Test
    void streamsOfGrainsPassBothWays() throws IOException {
        int size = 5 << 20;
        Content content = new Content(size, 1);
        Images.create(file("raw").toString(), "raw", size, CreateOptions.none(), ReferencePolicy.ALLOW);
        Images.create(file("ours.vmdk").toString(), "vmdk", size, CreateOptions.parse("subformat=streamOptimized"), ReferencePolicy.ALLOW);
        try (DiskImage from = Images.open(file("raw"), Access.WRITE); DiskImage to = Images.open(file("ours.vmdk"), Access.WRITE)) {
            content.write(from, 100_000, 1_500_000);
            content.write(from, 4_000_000, 1_000_000);
            new ImageCopy(from, to, true, ImageCopy.SPARSE, false, false, Progress.SILENT).run();
        }
        Qemu.img("compare", "-f", "raw", "-F", "vmdk", file("raw"), file("ours.vmdk"));
        assertThat(Qemu.img("info", file("ours.vmdk"))).contains("create type: streamOptimized");
        Qemu.img("convert", "-O", "vmdk", "-o", "subformat=streamOptimized", "-f", "raw", file("raw"), file("theirs.vmdk"));
        for (String name : new String[] {"ours.vmdk", "theirs.vmdk"}) {
            try (DiskImage disk = Images.open(file(name), Access.READ)) {
                content.assertIn(disk);
            }
        }
    }

    @Test
    void formatsAreNamed() {
        assertThat(Images.formatNames()).contains("raw", "qcow2", "vdi", "vpc");
        assertThat(Images.format("vhd")).isSameAs(Images.format("vpc"));
    }
}
