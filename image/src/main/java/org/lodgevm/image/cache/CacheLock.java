package org.lodgevm.image.cache;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.lodgevm.image.ImageException;

/** The right to write to a {@link Cache}, until closed. The system takes it from a process that dies. */
public final class CacheLock implements AutoCloseable {
    private final Cache cache;
    private final FileMutex mutex;

    private CacheLock(Cache cache, FileMutex mutex) {
        this.cache = cache;
        this.mutex = mutex;
    }

    static CacheLock acquire(Cache cache, Path file, Runnable whenWaiting) {
        CacheLock lock;
        try {
            lock = new CacheLock(cache, FileMutex.acquire(file, whenWaiting));
        } catch (IOException e) {
            throw cache.cannotWrite(file, e);
        }
        try {
            CacheSweep.sweep(cache);
            return lock;
        } catch (IOException e) {
            lock.close();
            throw cache.cannotWrite(file, e);
        }
    }

    public Cache cache() {
        return cache;
    }

    /** How much of a download is there already, perhaps from a process that was killed. It may be of something else. */
    public long begun(Digest digest) {
        try {
            return Files.size(cache.partial(digest));
        } catch (IOException absent) {
            return 0;
        }
    }

    /**
     * Goes on with a download, for {@link #adopt} to take over when it is finished.
     *
     * @param from where to go on: at the end of what is there already, or at 0
     */
    public OutputStream download(Digest digest, long from) {
        return from == 0
                ? new CacheOutput(cache, cache.partial(digest))
                : new CacheOutput(cache, cache.partial(digest), StandardOpenOption.APPEND);
    }

    /** Forgets a download. */
    public void discard(Digest digest) {
        try {
            Files.deleteIfExists(cache.partial(digest));
        } catch (IOException e) {
            throw cache.cannotWrite(cache.partial(digest), e);
        }
    }

    /**
     * Makes a finished download an object.
     *
     * @return the object, or nothing if it is something else; then it is forgotten
     */
    public Optional<Path> adopt(Digest digest) {
        Path finished = cache.partial(digest);
        Path object = cache.objects().resolve(digest.sha256());
        try {
            if (!Digest.of(finished).equals(digest)) {
                discard(digest);
                return Optional.empty();
            }
            Durable.move(finished, object);
            return Optional.of(object);
        } catch (IOException e) {
            throw cache.cannotWrite(object, e);
        }
    }

    /** Writes what a file is to hold. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Makes an object of content that is made here.
     *
     * @throws IOException if the content cannot be made
     */
    public StoredObject store(Content content) throws IOException {
        Path temporary = cache.temporary();
        try (OutputStream out = new CacheOutput(cache, temporary, StandardOpenOption.CREATE_NEW)) {
            content.writeTo(out);
        }
        try {
            Digest digest = Digest.of(temporary);
            StoredObject stored = new StoredObject(digest, StoredObject.crc(temporary));
            Durable.move(temporary, cache.objects().resolve(digest.sha256()));
            return stored;
        } catch (IOException e) {
            throw cache.cannotWrite(temporary, e);
        }
    }

    /** Keeps lines under a name, for {@link Cache#record}. The objects whose hashes they mention are kept as well. */
    public void putRecord(String name, List<String> lines) {
        Path temporary = cache.temporary();
        Path record = cache.records().resolve(name);
        try {
            Files.write(temporary, lines, StandardOpenOption.CREATE_NEW);
            Durable.move(temporary, record);
        } catch (IOException e) {
            throw cache.cannotWrite(record, e);
        }
    }

    @Override
    public void close() {
        try {
            mutex.close();
        } catch (IOException e) {
            throw new ImageException("Cannot release the lock of " + cache.folder() + ": " + e.getMessage(), e);
        }
    }
}
