package org.lodgevm.vm.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Bytes to boot from: a file, read anew at each boot so that nothing of it stays on the heap, or an array.
 *
 * <p>All methods throw {@link BootException} when the file cannot be read, or ends too early.
 */
public sealed interface BootFile {
    /** What error messages call it. */
    String name();

    /** Its length in bytes. */
    long size();

    /** Fills {@code destination} with the bytes from {@code offset} on. */
    void copyTo(long offset, MemorySegment destination);

    /** The whole as a stream; the caller closes it. */
    InputStream stream();

    /** {@code length} bytes from {@code offset}. */
    default byte[] read(long offset, int length) {
        if (offset < 0 || length > size() - offset) {
            throw truncated(name(), offset + length, size());
        }
        byte[] bytes = new byte[length];
        copyTo(offset, MemorySegment.ofArray(bytes));
        return bytes;
    }

    static BootFile of(Path path) {
        return new OnDisk(path);
    }

    static BootFile of(String name, byte[] bytes) {
        return new InMemory(name, bytes);
    }

    private static BootException truncated(String name, long needed, long size) {
        return new BootException("%s is truncated: %s bytes are needed, it has %d; fetch or build it again".formatted(
                name, Long.toUnsignedString(needed), size));
    }

    /** A file of the host. */
    record OnDisk(Path path) implements BootFile {
        /** The JDK copies through a buffer of this size. */
        private static final int CHUNK = 1 << 20;

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
                long size = Files.size(path);
                if (!Files.isRegularFile(path)) {
                    throw new BootException(path + " is not a regular file; name the file to boot from");
                }
                return size;
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        public void copyTo(long offset, MemorySegment destination) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                long done = 0;
                while (done < destination.byteSize()) {
                    long chunk = Math.min(CHUNK, destination.byteSize() - done);
                    int n = channel.read(destination.asSlice(done, chunk).asByteBuffer(), offset + done);
                    if (n < 0) {
                        throw truncated(name(), offset + destination.byteSize(), offset + done);
                    }
                    done += n;
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        public InputStream stream() {
            try {
                return Files.newInputStream(path);
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        private BootException unreadable(IOException e) {
            String why = e instanceof NoSuchFileException ? "there is no such file" : e.toString();
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
        public void copyTo(long offset, MemorySegment destination) {
            if (offset < 0 || destination.byteSize() > bytes.length - offset) {
                throw truncated(name, offset + destination.byteSize(), bytes.length);
            }
            MemorySegment.copy(MemorySegment.ofArray(bytes), ValueLayout.JAVA_BYTE, offset, destination, ValueLayout.JAVA_BYTE, 0,
                    destination.byteSize());
        }

        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
