package org.lodgevm.vm.boot;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Bytes to boot from: a file, read anew at each boot so that nothing of it stays on the heap, or an array.
 *
 * <p>All methods throw {@link BootException} when the file cannot be read.
 */
public sealed interface BootFile {
    /** What error messages call it. */
    String name();

    /** Its length in bytes. */
    long size();

    /** All of it; only for files known to be small enough for the heap. */
    byte[] bytes();

    /** Fills {@code destination}, whose size is {@link #size}, without a copy on the heap. */
    void copyTo(MemorySegment destination);

    static BootFile of(Path path) {
        return new OnDisk(path);
    }

    static BootFile of(String name, byte[] bytes) {
        return new InMemory(name, bytes);
    }

    /** A file of the host. */
    record OnDisk(Path path) implements BootFile {
        private static final int CHUNK = 1 << 24;

        public OnDisk {
            Objects.requireNonNull(path);
        }

        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public long size() {
            try {
                if (Files.isDirectory(path)) {
                    throw new BootException(path + " is a folder; name the file to boot from");
                }
                return Files.size(path);
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        public byte[] bytes() {
            long size = size();
            if (size > Integer.MAX_VALUE - 16) {
                throw new BootException("%s is too large to be booted (%d MiB)".formatted(path, size >> 20));
            }
            try {
                return Files.readAllBytes(path);
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        public void copyTo(MemorySegment destination) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                long done = 0;
                while (done < destination.byteSize()) {
                    long chunk = Math.min(CHUNK, destination.byteSize() - done);
                    ByteBuffer buffer = destination.asSlice(done, chunk).asByteBuffer();
                    int n = channel.read(buffer);
                    if (n < 0) {
                        throw new BootException("%s shrank to %d bytes while it was read; start again".formatted(path, done));
                    }
                    done += n;
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        private BootException unreadable(IOException e) {
            String why = e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
            return new BootException("%s cannot be read: %s".formatted(path, why), e);
        }
    }

    /** An array, for guests that a program makes. */
    record InMemory(String name, byte[] bytes) implements BootFile {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void copyTo(MemorySegment destination) {
            MemorySegment.copy(bytes, 0, destination, ValueLayout.JAVA_BYTE, 0, bytes.length);
        }
    }
}
