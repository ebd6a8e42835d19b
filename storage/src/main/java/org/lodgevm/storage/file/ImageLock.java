package org.lodgevm.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.lodgevm.storage.ImageInUseException;

/**
 * The right to use a file: of several readers, or of one writer. In this process a table says who has it; to others it is
 * told by locks on single bytes, those that QEMU uses: of a permission P that we have, byte 100 + P; of one that
 * we allow nobody else, byte 200 + P.
 *
 * <p>POSIX takes all of a process's locks on a file away when the process closes the file anywhere. So a file is closed through
 * {@link #release} only, which renews what others in the process still need.
 *
 * @qemu block/file-posix.c, the comment on RAW_LOCK_PERM_BASE
 */
final class ImageLock {
    /** Where locks do not keep anybody from reading (everywhere but on Windows) QEMU's place, else one that no file reaches. */
    private static final long BASE = System.getProperty("os.name").startsWith("Windows") ? 1L << 62 : 0;

    private static final long HAVE = BASE + 100;
    private static final long KEEP_FROM_OTHERS = BASE + 200;

    private static final int CONSISTENT_READ = 0;
    private static final int WRITE = 1;
    private static final int RESIZE = 3;

    private static final int ATTEMPTS = 25;
    private static final long PAUSE = Duration.ofMillis(20).toNanos();

    /** By what identifies a file. Guards itself and all locks in it. */
    private static final Map<Object, ImageLock> HELD = new HashMap<>();

    private final Object key;
    private final Path path;
    private boolean write;
    private int users = 1;
    private FileChannel channel;
    /** Those of a writer. */
    private final List<FileLock> exclusive = new ArrayList<>();

    private ImageLock(Object key, Path path, boolean write) {
        this.key = key;
        this.path = path;
        this.write = write;
    }

    /** Takes part in the use of a file, which exists. */
    static ImageLock acquire(Path path, boolean write) throws IOException {
        Object key = key(path);
        synchronized (HELD) {
            ImageLock held = HELD.get(key);
            if (held != null) {
                if (write || held.write) {
                    throw new ImageInUseException(path.toString(), "it is open already in this process, for " + (held.write ? "writing" : "reading"));
                }
                held.users++;
                return held;
            }
            ImageLock lock = new ImageLock(key, path, write);
            lock.lockBytes();
            HELD.put(key, lock);
            return lock;
        }
    }

    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key != null ? key : path.toRealPath();
    }

    /** Ends this use of the file, and first closes what was used. */
    void release(AutoCloseable file) throws IOException {
        synchronized (HELD) {
            try {
                file.close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                users--;
                if (users == 0) {
                    HELD.remove(key);
                    channel.close();
                } else {
                    renew();
                }
            }
        }
    }

    /** The writer becomes a reader, of whom there may be several; no other writer gets in between. */
    void share() throws IOException {
        synchronized (HELD) {
            claim(true, KEEP_FROM_OTHERS + WRITE, KEEP_FROM_OTHERS + RESIZE);
            for (FileLock writers : exclusive) {
                writers.release();
            }
            exclusive.clear();
            write = false;
        }
    }

    /** Takes the locks again, after the file was closed somewhere. */
    void renew() throws IOException {
        synchronized (HELD) {
            channel.close();
            lockBytes();
        }
    }

    /** Others may be testing at this moment, which looks as if they used the file: so it is tried for a while. */
    private void lockBytes() throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                tryBytes();
                return;
            } catch (ImageInUseException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private void tryBytes() throws IOException {
        boolean mayTest = openChannel();
        exclusive.clear();
        try {
            if (write) {
                claim(false, HAVE + WRITE, HAVE + RESIZE);
                claim(true, HAVE + CONSISTENT_READ);
                test(KEEP_FROM_OTHERS + CONSISTENT_READ, KEEP_FROM_OTHERS + WRITE, KEEP_FROM_OTHERS + RESIZE);
            } else {
                claim(true, HAVE + CONSISTENT_READ, KEEP_FROM_OTHERS + WRITE, KEEP_FROM_OTHERS + RESIZE);
                if (mayTest) {
                    test(HAVE + WRITE, HAVE + RESIZE, KEEP_FROM_OTHERS + CONSISTENT_READ);
                }
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A channel that can lock exclusively must be open for writing. @return whether it is */
    private boolean openChannel() throws IOException {
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return true;
        } catch (AccessDeniedException e) {
            if (write) {
                throw e;
            }
        } catch (IOException e) {
            if (write || !Files.isReadable(path)) {
                throw e;
            }
        }
        channel = FileChannel.open(path, StandardOpenOption.READ);
        return false;
    }

    private void claim(boolean shared, long... bytes) throws IOException {
        for (long at : bytes) {
            FileLock lock = channel.tryLock(at, 1, shared);
            if (lock == null) {
                throw inUse();
            }
            if (!shared) {
                exclusive.add(lock);
            }
        }
    }

    /** Nobody has locked these. Java can only find out by locking them, for a moment. */
    private void test(long... bytes) throws IOException {
        for (long at : bytes) {
            FileLock lock = channel.tryLock(at, 1, false);
            if (lock == null) {
                throw inUse();
            }
            lock.release();
        }
    }

    private ImageInUseException inUse() {
        return new ImageInUseException(
                path.toString(),
                write
                        ? "another process uses it; end that first, or open it for reading only"
                        : "another process writes to it; end that first");
    }
}
