package org.lodgevm.image.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** What one thread of one process has at a time, until closed. The system takes it from a process that dies. */
public final class FileMutex implements AutoCloseable {
    /** A file lock belongs to the whole process, so that its threads need one of their own. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel channel;

    private FileMutex(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /**
     * @param file made if it is not there; its folder has to be
     * @param whenWaiting is run if another one has it
     */
    public static FileMutex acquire(Path file, Runnable whenWaiting) throws IOException {
        ReentrantLock threads = THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ReentrantLock());
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
            return new FileMutex(threads, channel);
        } catch (IOException e) {
            new FileMutex(threads, channel).close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (channel != null) {
                channel.close(); // and with it the file's lock
            }
        } finally {
            threads.unlock();
        }
    }
}
