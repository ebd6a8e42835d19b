package org.lodgevm.image.cache;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.lodgevm.image.ImageException;

/** The right to write to a {@link Cache}, until closed. The system takes it from a process that dies. */
public final class CacheLock implements AutoCloseable {
    /** A file lock belongs to the whole process, so that its threads need one of their own. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final Cache cache;
    private final ReentrantLock threads;
    private final FileChannel channel;

    private CacheLock(Cache cache, ReentrantLock threads, FileChannel channel) {
        this.cache = cache;
        this.threads = threads;
        this.channel = channel;
    }

    static CacheLock acquire(Cache cache, Path file, Runnable whenWaiting) {
        ReentrantLock threads = THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock());
        boolean waiting = !threads.tryLock();
        if (waiting) {
            whenWaiting.run();
            threads.lock();
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                if (!waiting) {
                    whenWaiting.run();
                }
                channel.lock();
            }
            CacheSweep.sweep(cache);
            return new CacheLock(cache, threads, channel);
        } catch (IOException e) {
            new CacheLock(cache, threads, channel).close();
            throw cache.cannotWrite(file, e);
        }
    }

    public Cache cache() {
        return cache;
    }

    /** A file for {@link #adopt} to take over when it is finished. It may hold the start of what it is to hold. */
    public Path partial(Digest digest) {
        return cache.partial(digest);
    }

    /**
     * Makes the finished partial file an object.
     *
     * @return the object, or nothing if the file holds something else; then it is deleted
     */
    public Optional<Path> adopt(Digest digest) {
        Path finished = cache.partial(digest);
        Path object = cache.objects().resolve(digest.sha256());
        try {
            if (!Digest.of(finished).equals(digest)) {
                Files.delete(finished);
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

    /** Makes an object of content that is made here. */
    public Digest store(Content content) {
        Path temporary = cache.temporary();
        try {
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(out);
            }
            Digest digest = Digest.of(temporary);
            Durable.move(temporary, cache.objects().resolve(digest.sha256()));
            return digest;
        } catch (IOException e) {
            throw cache.cannotWrite(temporary, e);
        }
    }

    /** Keeps lines under a name, for {@link Cache#record}. The objects whose hashes they mention are kept as well. */
    public void putRecord(String name, List<String> lines) {
        cache.putRecord(name, lines);
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close(); // and with it the file's lock
            }
        } catch (IOException e) {
            throw new ImageException("Cannot release the lock of " + cache.folder() + ": " + e.getMessage(), e);
        } finally {
            threads.unlock();
        }
    }
}
