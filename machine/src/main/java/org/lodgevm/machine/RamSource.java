package org.lodgevm.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where guest RAM comes from. Pages cost nothing until the guest touches them.
 *
 * <p>Found by {@link java.util.ServiceLoader}: the {@code linux} module offers a memfd; elsewhere a sparse temporary file serves.
 */
public interface RamSource {
    /** Zeroed memory of {@code size} bytes, page aligned, released with the arena. */
    MemorySegment map(long size, Arena arena);

    /**
     * Gives whole pages of mapped memory back to the host, if it can. Their content is of no more use: they read as zeros or as before
     * until they are written to.
     */
    default void release(MemorySegment pages) {}

    /** A sparse file in the temporary folder, which disappears with the process. */
    static RamSource temporaryFile() {
        return (size, arena) -> {
            try {
                Path file = Files.createTempFile("lodge-ram", null);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE, StandardOpenOption.SPARSE)) {
                    return channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("guest RAM of %d MiB cannot be mapped from a file in %s".formatted(
                        size >> 20, System.getProperty("java.io.tmpdir")), e);
            }
        };
    }
}
