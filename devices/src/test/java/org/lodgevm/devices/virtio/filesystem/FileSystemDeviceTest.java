package org.lodgevm.devices.virtio.filesystem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.virtio.FakeDriver.Style;
import org.lodgevm.share.SharedFolder;

/** The device and its protocol's beginning. @virtio 5.11 */
class FileSystemDeviceTest {
    @TempDir
    private Path folder;

    private static List<Style> styles() {
        return Style.all();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void worksWithEveryKindOfRing(Style style) throws IOException {
        Files.writeString(folder.resolve("file"), "content");
        try (FuseDriver guest = new FuseDriver(folder, false, style)) {
            assertThat(guest.readText(guest.open(guest.walk("file"), 0).handle())).isEqualTo("content");
        }
    }

    @Test
    void theConfigurationHasTagAndQueues() throws IOException {
        try (FuseDriver guest = new FuseDriver(folder)) {
            byte[] tag = new byte[36];
            for (int i = 0; i < tag.length; i++) {
                tag[i] = (byte) guest.driver.device.readConfiguration(i, 1);
            }
            assertThat(new String(tag, US_ASCII)).isEqualTo("src" + "\0".repeat(33));
            assertThat(guest.driver.device.readConfiguration(36, 4)).isEqualTo(2);
            assertThat(guest.driver.device.queues()).isEqualTo(3);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Tag(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tag("x".repeat(37)));
    }

    @Test
    void versionsAreAgreedOn() throws IOException {
        try (FuseDriver guest = new FuseDriver(folder)) {
            ByteBuffer answer = guest.initialize().ok();
            assertThat(answer.remaining()).isEqualTo(64);
            assertThat(answer.getInt(0)).isEqualTo(7);
            assertThat(answer.getInt(4)).isGreaterThanOrEqualTo(31);
            assertThat(answer.getInt(20)).as("max_write").isEqualTo(1 << 20);
            assertThat(answer.getInt(12) & 1 << 16).as("FUSE_WRITEBACK_CACHE").isZero();
            assertThat(guest.call(26, 0, FuseDriver.bytes(16).putInt(7).putInt(12)).error()).as("EPROTO").isEqualTo(71);
            assertThat(guest.call(26, 0, FuseDriver.bytes(16).putInt(8).putInt(0)).ok().getInt(0)).isEqualTo(7);
        }
    }

    @Test
    void whatIsNotThereIsENOSYSAndOneLineOfLogIfNobodyKnowsIt() throws IOException {
        try (FuseDriver guest = new FuseDriver(folder)) {
            assertThat(guest.call(31, 1, FuseDriver.bytes(48)).error()).as("GETLK").isEqualTo(FuseDriver.ENOSYS);
            assertThat(guest.call(36, 0, FuseDriver.bytes(8)).error()).as("INTERRUPT").isEqualTo(FuseDriver.ENOSYS);
            assertThat(guest.driver.log).isEmpty();
            for (int i = 0; i < 3; i++) {
                assertThat(guest.call(4711, 1).error()).isEqualTo(FuseDriver.ENOSYS);
            }
            assertThat(guest.driver.log).containsExactly("device: the guest's request 4711 is of no known kind");
            for (int i = 5000; i < 5100; i++) {
                assertThat(guest.call(i, 1).error()).isEqualTo(FuseDriver.ENOSYS);
            }
            assertThat(guest.driver.log).hasSize(10);
        }
    }

    @Test
    void requestsThatAreNoneAreFaults() throws IOException {
        try (FuseDriver guest = new FuseDriver(folder)) {
            guest.driver.offer(1, List.of(new byte[39]), List.of(16));
            assertThat(guest.driver.awaitFailure()).contains("39 bytes where 40 are needed");
            guest.driver.start(0);
            guest.driver.offer(1, List.of(guest.header(3, 1, 16), new byte[16]), List.of(15));
            assertThat(guest.driver.awaitFailure()).contains("no room for its answer");
            guest.driver.start(0);
            assertThat(guest.initialize().error()).isZero();
        }
    }

    @Test
    void aResetForgetsEverything() throws IOException {
        Files.writeString(folder.resolve("file"), "content");
        try (FuseDriver guest = new FuseDriver(folder)) {
            long node = guest.walk("file");
            long handle = guest.open(node, 0).handle();
            guest.driver.start(0);
            guest.initialize().ok();
            assertThat(guest.attributes(node).error()).isEqualTo(FuseDriver.ESTALE);
            assertThat(guest.read(handle, 0, 10).error()).isEqualTo(FuseDriver.EBADF);
        }
    }

    @Test
    void nothingChangesInAFolderToBeRead() throws IOException {
        Files.writeString(folder.resolve("file"), "content");
        try (FuseDriver guest = new FuseDriver(folder, true, Style.PLAIN)) {
            long node = guest.walk("file");
            assertThat(guest.readText(guest.open(node, 0).handle())).isEqualTo("content");
            for (int flags : new int[] {1, 2, 0x200}) {
                assertThat(guest.open(node, flags).error()).isEqualTo(FuseDriver.EROFS);
            }
            assertThat(guest.create(FuseDriver.ROOT, "new", 0x42, 0644).error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.makeFolder(FuseDriver.ROOT, "new", 0755).error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.makeLink(FuseDriver.ROOT, "new", "x").error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.link(node, FuseDriver.ROOT, "new").error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.unlink(FuseDriver.ROOT, "file").error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.rename(FuseDriver.ROOT, "file", FuseDriver.ROOT, "new", 0).error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.rename(FuseDriver.ROOT, "file", FuseDriver.ROOT, "new", 1).error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.call(4, node, FuseDriver.bytes(88).putInt(1 << 3)).error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.call(21, node, FuseDriver.bytes(8).putInt(1), "user.x", new byte[1]).error()).isEqualTo(FuseDriver.EROFS);
            assertThat(guest.call(34, node, FuseDriver.bytes(8).putInt(2)).error()).as("ACCESS").isEqualTo(FuseDriver.EROFS);
        }
        assertThat(folder.resolve("file")).hasContent("content");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void onlyFoldersAreShared() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> SharedFolder.open(file)).isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> SharedFolder.open(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
