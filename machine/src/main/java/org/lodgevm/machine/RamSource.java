package org.lodgevm.machine;

import java.io.IOException;
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
    /**
     * Zeroed memory of {@code size} bytes, page aligned, released with the arena.
     *
     * @throws IllegalStateException with one sentence, when this host has no such memory
     */
    MemorySegment map(long size, Arena arena);

    /**
     * Memory that begins with the content of a file, which no write to it changes. Pages are read when they are first touched.
     *
     * @param offset of the content in the file, whole pages
     */
    default MemorySegment map(Path file, long offset, long size, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.PRIVATE, offset, size, arena);
        }
    }

    /** Keeps what mapped memory holds now. Nobody writes to it meanwhile. */
    default FrozenRam freeze(MemorySegment memory) {
        return FrozenRam.copyOf(memory);
    }

    /**
     * Gives memory back the content that it had when it was frozen. Nobody uses it meanwhile.
     *
     * @param changed is told of the pages that were different, or may have been
     */
    default void thaw(FrozenRam frozen, MemorySegment memory, Range changed) {
        for (long at = 0; at < memory.byteSize(); at += PageSet.PAGE) {
            MemorySegment before = frozen.content().asSlice(at, PageSet.PAGE);
            MemorySegment now = memory.asSlice(at, PageSet.PAGE);
            if (now.mismatch(before) >= 0) {
                now.copyFrom(before);
                changed.accept(at, PageSet.PAGE);
            }
        }
    }

    /** Told of a range of memory. */
    @FunctionalInterface
    interface Range {
        void accept(long offset, long bytes);
    }

    /**
     * Tells which whole pages of mapped memory may hold something. The others are zeros, and the host has no memory for them as long as nobody looks: even to read a page takes one. Those
     * to which somebody writes meanwhile may be among them or not.
     */
    default void content(MemorySegment memory, Range each) {
        each.accept(0, memory.byteSize());
    }

    /** How many bytes of these whole pages of mapped memory, from the first one on, are known to be none of {@link #content}. */
    default long hole(MemorySegment pages) {
        return 0;
    }

    /**
     * Gives whole pages of mapped memory back to the host, if it can. Their content is of no more use: they read as zeros or as before
     * until they are written to.
     */
    default void release(MemorySegment pages) {}

    /** Where RAM comes from that lies on huge pages that the host has reserved. @throws IllegalStateException with one sentence, if there is none such here */
    default RamSource onHugePages() {
        throw new IllegalStateException("guest memory cannot lie on huge pages on this host; leave out --huge-pages");
    }

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
                throw new IllegalStateException("%d MiB of guest memory cannot be mapped (%s); give the machine less, or this process more (ulimit -v)".formatted(
                        size >> 20, e.getMessage()), e);
            }
        };
    }
}
