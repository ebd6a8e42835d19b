package org.lodgevm.cli.machines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCommandTest {
    /** Other hosts' files have no holes that could be asked for. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void holesAreNotOnTheDisk(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("one.snapshot");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(new byte[] {1});
            sparse.setLength(512 << 20);
        }
        assertThat(SnapshotCommand.onDisk(file)).isBetween(1L, 1L << 20);
    }
}
