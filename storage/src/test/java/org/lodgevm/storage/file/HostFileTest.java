package org.lodgevm.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.ImageInUseException;
import org.lodgevm.storage.Qemu;
import org.lodgevm.storage.StorageException;

class HostFileTest {
    @TempDir
    private Path folder;

    private Path file() throws IOException {
        return Files.write(folder.resolve("disk.img"), new byte[1 << 16]);
    }

    @Test
    void severalMayReadOrOneMayWrite() throws IOException {
        Path path = file();
        try (HostFile reader = HostFile.open(path, Access.READ); HostFile another = HostFile.open(path, Access.READ)) {
            assertThat(another.size()).isEqualTo(reader.size());
            assertThatThrownBy(() -> HostFile.open(path, Access.WRITE)).isInstanceOf(ImageInUseException.class).hasMessageContaining("disk.img");
        }
        try (HostFile writer = HostFile.open(path, Access.WRITE)) {
            assertThatThrownBy(() -> HostFile.open(path, Access.READ)).isInstanceOf(ImageInUseException.class);
            assertThatThrownBy(() -> HostFile.create(path)).isInstanceOf(ImageInUseException.class);
            try (HostFile looker = HostFile.open(path, Access.READ_UNLOCKED)) {
                assertThat(looker.size()).isEqualTo(writer.size());
            }
        }
    }

    @Test
    void qemuKeepsOffWhatWeWriteToAndReadsWhatWeRead() throws IOException {
        Path path = file();
        try (HostFile writer = HostFile.open(path, Access.WRITE)) {
            assertThat(Qemu.run("qemu-io", "-f", "raw", "-c", "write 0 512", path.toString()).text()).contains("lock");
            assertThat(writer.size()).isEqualTo(1 << 16);
        }
        try (HostFile reader = HostFile.open(path, Access.READ)) {
            try (HostFile another = HostFile.open(path, Access.READ)) {
                assertThat(another.size()).isEqualTo(reader.size());
            }
            Qemu.img("info", path);
            assertThat(Qemu.run("qemu-io", "-f", "raw", "-c", "write 0 512", path.toString()).text()).contains("lock");
        }
        Qemu.io(path, "raw", "write 0 512");
    }

    /** Where the file system has no such way this test has nothing to say. */
    @Test
    void whatGoesPastTheHostsCacheAndWhatDoesNotIsTheSameFile() throws IOException {
        Path path = Files.write(folder.resolve("direct.img"), new byte[3 * 4096 + 100]);
        HostFile opened;
        try {
            opened = HostFile.open(path, Access.WRITE, true);
        } catch (StorageException e) {
            assumeTrue(false, e.getMessage());
            return;
        }
        try (HostFile file = opened) {
            ByteBuffer blocks = ByteBuffer.allocateDirect(4 * 4096).alignedSlice(4096).limit(2 * 4096);
            file.write(4096, fill(blocks, 1));
            file.write(5000, fill(ByteBuffer.allocate(10), 2));
            file.write(0, fill(blocks.clear().limit(4096), 3));
            file.flush();
            byte[] there = Files.readAllBytes(path);
            assertThat(new int[] {there[0], there[4095], there[4096], there[5000], there[5010], there[3 * 4096 - 1], there[3 * 4096]})
                    .containsExactly(3, 3, 1, 2, 1, 1, 0);
            file.read(4096, blocks.clear().limit(3 * 4096)); // beyond the end, too
            assertThat(new int[] {blocks.get(0), blocks.get(5000 - 4096), blocks.get(2 * 4096), blocks.get(3 * 4096 - 1)}).containsExactly(1, 2, 0, 0);
            Thread.currentThread().interrupt();
            file.write(0, fill(blocks.clear().limit(4096), 4));
            assertThat(Thread.interrupted()).isTrue();
            file.read(0, blocks.clear().limit(4096));
            assertThat(blocks.get(0)).isEqualTo((byte) 4);
            assertThatThrownBy(() -> HostFile.open(path, Access.READ)).isInstanceOf(ImageInUseException.class);
        }
    }

    private static ByteBuffer fill(ByteBuffer bytes, int value) {
        for (int i = 0; i < bytes.limit(); i++) {
            bytes.put(i, (byte) value);
        }
        return bytes;
    }

    @Test
    void aWriterThatFreezesTheFileIsOneReaderOfMany() throws IOException {
        Path path = file();
        try (HostFile writer = HostFile.open(path, Access.WRITE)) {
            writer.write(0, ByteBuffer.wrap(new byte[] {7}));
            writer.freeze();
            assertThat(writer.isReadOnly()).isTrue();
            assertThatThrownBy(() -> HostFile.open(path, Access.WRITE)).isInstanceOf(ImageInUseException.class);
            Qemu.img("info", path);
            assertThat(Qemu.run("qemu-io", "-f", "raw", "-c", "write 0 512", path.toString()).text()).contains("lock");
            try (HostFile reader = HostFile.open(path, Access.READ)) {
                ByteBuffer read = ByteBuffer.allocate(1);
                reader.read(0, read);
                assertThat(read.get(0)).isEqualTo((byte) 7);
            }
            assertThat(Qemu.run("qemu-io", "-r", "-f", "raw", "-c", "read -P 7 0 1", path.toString()).status()).isZero();
        }
        HostFile.open(path, Access.WRITE).close();
    }

    @Test
    void weKeepOffWhatQemuUses() throws Exception {
        Path path = file();
        Qemu.img("info", path); // or skip
        Process qemu = new ProcessBuilder("qemu-io", "-f", "raw", path.toString()).start();
        try {
            qemu.getOutputStream().write("write 0 512\n".getBytes(UTF_8));
            qemu.getOutputStream().flush();
            while (qemu.getInputStream().read() != '\n') {
                // until it has the file open
            }
            assertThatThrownBy(() -> HostFile.open(path, Access.READ)).isInstanceOf(ImageInUseException.class).hasMessageContaining("another process");
            assertThatThrownBy(() -> HostFile.open(path, Access.WRITE)).isInstanceOf(ImageInUseException.class);
        } finally {
            qemu.destroyForcibly().waitFor();
        }
        HostFile.open(path, Access.WRITE).close();
    }

    @Test
    void anInterruptedThreadHarmsNobody() throws IOException {
        Path path = file();
        try (HostFile file = HostFile.open(path, Access.WRITE)) {
            Thread.currentThread().interrupt();
            file.write(100, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(Thread.interrupted()).isTrue();
            ByteBuffer read = ByteBuffer.allocate(4);
            file.read(100, read);
            assertThat(read.array()).containsExactly(1, 2, 3, 0);
            assertThat(Qemu.run("qemu-io", "-f", "raw", "-c", "write 0 512", path.toString()).text()).contains("lock");
        }
    }

    @Test
    void whatIsMissingOrNoFileIsSaid() {
        assertThatThrownBy(() -> HostFile.open(folder.resolve("none"), Access.READ))
                .isInstanceOf(StorageException.class).hasMessageContaining("none: there is no such file");
        assertThatThrownBy(() -> HostFile.open(folder, Access.READ)).hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> HostFile.create(folder)).hasMessageContaining("is no file");
    }

    @Test
    void beyondTheEndAreZeroes() throws IOException {
        try (HostFile file = HostFile.open(Files.write(folder.resolve("short"), new byte[] {7}), Access.WRITE)) {
            ByteBuffer read = ByteBuffer.allocateDirect(3_000_000).put(1, (byte) 5);
            file.read(0, read);
            assertThat(read.get(0)).isEqualTo((byte) 7);
            assertThat(read.get(1)).isZero();
            file.writeZeroes(0, 10, false);
            assertThat(file.size()).isEqualTo(10);
        }
    }
}
