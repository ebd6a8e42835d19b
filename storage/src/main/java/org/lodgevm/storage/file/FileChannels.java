package org.lodgevm.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.lodgevm.storage.StorageException;

/**
 * A file through the host's cache and, perhaps, past it. Whole blocks of memory and of the file may go past the cache, anything else goes through it; the
 * host's kernel keeps both views of the file the same.
 *
 * @param direct past the cache; or null
 * @param block what is whole, in bytes
 */
record FileChannels(FileChannel cached, FileChannel direct, int block) implements AutoCloseable {
    static FileChannels open(Path path, boolean write, boolean pastCache) throws IOException {
        FileChannel cached = open(path, write);
        try {
            return new FileChannels(cached, pastCache ? openDirect(path, write) : null, pastCache ? (int) Files.getFileStore(path).getBlockSize() : 1);
        } catch (IOException e) {
            cached.close();
            throw e;
        }
    }

    private static FileChannel openDirect(Path path, boolean write) throws IOException {
        try {
            return open(path, write, pastCache());
        } catch (UnsupportedOperationException | FileSystemException e) {
            throw new StorageException(path.toString(), "its file system cannot go past the host's cache; use cache=writeback");
        }
    }

    /** By its name: the compiler warns of it, in a way that cannot be silenced. @throws UnsupportedOperationException if this JDK has no such option */
    private static OpenOption pastCache() {
        try {
            return Arrays.stream(Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants())
                    .filter(option -> option.toString().equals("DIRECT")).map(OpenOption.class::cast).findFirst().orElseThrow(UnsupportedOperationException::new);
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException(e);
        }
    }

    private static FileChannel open(Path path, boolean write, OpenOption... further) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(further));
        options.add(StandardOpenOption.READ);
        if (write) {
            options.add(StandardOpenOption.WRITE);
        }
        return FileChannel.open(path, options);
    }

    /** The one by which bytes go to or come from an offset. */
    FileChannel of(long offset, ByteBuffer bytes) {
        boolean whole = direct != null && bytes.isDirect()
                && offset % block == 0 && bytes.remaining() % block == 0 && bytes.alignmentOffset(bytes.position(), block) == 0;
        return whole ? direct : cached;
    }

    @Override
    public void close() throws IOException {
        try (cached) {
            if (direct != null) {
                direct.close();
            }
        }
    }
}
