package org.lodgevm.image.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A folder of one process's own. It holds a lock beside its content, so that others see by that whether it is still alive;
 * the system takes the lock from a process that dies.
 */
public final class Workplace implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String CONTENT = "content";

    /** Those of this process. Their locks are not to be touched: closing a second channel of a file gives up the first one's lock. @posix fcntl */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel lock;

    private Workplace(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    static Workplace in(Path parent) throws IOException {
        while (true) {
            Path folder = parent.resolve(UUID.randomUUID().toString());
            OWN.add(folder);
            Files.createDirectories(folder);
            FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() != null && Files.exists(folder.resolve(LOCK))) {
                Files.createDirectory(folder.resolve(CONTENT));
                return new Workplace(folder, lock);
            }
            lock.close(); // a sweep came between making and locking it
        }
    }

    Path folder() {
        return folder;
    }

    Path content() {
        return folder.resolve(CONTENT);
    }

    /** Where a file of this name belongs. */
    public Path file(String name) {
        return content().resolve(name);
    }

    /** Deletes those whose processes are no more. */
    static void sweep(Path parent) {
        try (Stream<Path> folders = Files.list(parent)) {
            folders.filter(Workplace::isAbandoned).toList().forEach(Workplace::delete);
        } catch (IOException | UncheckedIOException e) {
            // There is none yet, or another process sweeps as well.
        }
    }

    private static boolean isAbandoned(Path folder) {
        if (OWN.contains(folder)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held != null;
        } catch (IOException | OverlappingFileLockException alive) {
            return false;
        }
    }

    private static void delete(Path folder) {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // The next sweep tries again.
        }
    }

    /** Deletes it with everything in it. */
    @Override
    public void close() {
        delete(folder);
        try {
            lock.close();
        } catch (IOException e) {
            // the lock goes with the process
        }
        OWN.remove(folder);
    }
}
