package org.lodgevm.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.ByteStore.Run;
import org.lodgevm.storage.file.HolePuncher.Sparse;
import org.lodgevm.storage.file.HostFile;

class LinuxHolesTest {
    private static final int MIB = 1 << 20;

    private final LinuxHoles holes = new LinuxHoles();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void onLinux() throws IOException {
        assumeTrue(holes.isAvailable());
        byte[] content = new byte[4 * MIB];
        Arrays.fill(content, (byte) 1);
        file = Files.write(folder.resolve("file"), content);
    }

    @Test
    void whatIsPunchedOutIsAHoleThatReadsAsZeroes() throws IOException {
        try (Sparse sparse = holes.open(file, true)) {
            assertThat(sparse.run(0, 4 * MIB)).isEqualTo(new Run(false, 4 * MIB));
            long before = sparse.allocated();
            assumeTrue(sparse.punch(MIB, 2 * MIB), "the file system knows no holes");
            assertThat(sparse.run(0, 4 * MIB)).isEqualTo(new Run(false, MIB));
            assertThat(sparse.run(MIB, 4 * MIB)).isEqualTo(new Run(true, 2 * MIB));
            assertThat(sparse.run(MIB + 5, 10)).isEqualTo(new Run(true, 10));
            assertThat(sparse.run(3 * MIB, MIB)).isEqualTo(new Run(false, MIB));
            assertThat(sparse.allocated()).isEqualTo(before - 2 * MIB);
        }
        byte[] content = Files.readAllBytes(file);
        assertThat(content).hasSize(4 * MIB);
        assertThat(content[MIB - 1]).isOne();
        assertThat(content[MIB]).isZero();
        assertThat(content[3 * MIB]).isOne();
    }

    @Test
    void filesOfTheHostUseIt() throws IOException {
        try (HostFile host = HostFile.open(file, Access.WRITE)) {
            host.writeZeroes(MIB, MIB, true);
            host.discard(3 * MIB, 100 * MIB);
            assertThat(host.allocated()).isLessThan(4 * MIB);
            assertThat(host.run(MIB, 4 * MIB).hole()).isTrue();
            ByteBuffer read = ByteBuffer.allocate(2);
            host.read(2 * MIB - 1, read);
            assertThat(read.array()).containsExactly(0, 1);
        }
    }

    @Test
    void aFileThatIsMappedToBeWrittenToHasRoomForAllOfIt() throws IOException {
        try (HostFile host = HostFile.open(file, Access.WRITE); Arena arena = Arena.ofConfined()) {
            host.writeZeroes(MIB, MIB, true);
            assumeTrue(spaceTaken() < 4 * MIB, "the file system knows no holes");
            MemorySegment mapped = host.map(arena);
            assertThat(spaceTaken()).isGreaterThanOrEqualTo(4 * MIB);
            assertThat(mapped.byteSize()).isEqualTo(4 * MIB);
            assertThat(mapped.get(ValueLayout.JAVA_BYTE, MIB)).isZero();
            mapped.set(ValueLayout.JAVA_BYTE, MIB, (byte) 7);
        }
        assertThat(Files.readAllBytes(file)[MIB]).isEqualTo((byte) 7);
    }

    /** Space that is taken but not written to yet looks like a hole otherwise. */
    private long spaceTaken() throws IOException {
        Process stat = new ProcessBuilder("stat", "--format=%b %B", file.toString()).start();
        String[] blocksAndSize = new String(stat.getInputStream().readAllBytes(), US_ASCII).strip().split(" ");
        return Long.parseLong(blocksAndSize[0]) * Long.parseLong(blocksAndSize[1]);
    }

    @Test
    void failuresNameTheCallAndTheReason() throws IOException {
        assertThatThrownBy(() -> holes.open(folder.resolve("none"), false)).isInstanceOf(IOException.class).hasMessage("open: No such file or directory");
        try (Sparse reader = holes.open(file, false)) {
            assertThatThrownBy(() -> reader.punch(0, MIB)).isInstanceOf(IOException.class).hasMessage("fallocate: Bad file descriptor");
        }
    }
}
