package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Who may use an image at the same time.
 *
 * <p>Reads, and writes to clusters that have a place, share the tables and so run side by side; whoever changes a table has them alone. A flush, which waits for
 * the host's disk, keeps others from changing tables, but not from using them. Clusters that are new are filled while others use tables and change them for
 * clusters of their own; what changes anything else waits until all such are {@link #settled}.
 */
final class Locks {
    /** What is done under a lock. */
    interface Work<T> {
        T run() throws IOException;
    }

    // Taken in this order.
    private final ReadWriteLock placements = new ReentrantReadWriteLock();
    private final Lock changes = new ReentrantLock();
    private final ReadWriteLock tables = new ReentrantReadWriteLock();

    /** Tables do not change meanwhile. */
    <T> T shared(Work<T> work) throws IOException {
        return under(tables.readLock(), work);
    }

    /** Nobody else uses tables meanwhile. */
    <T> T alone(Work<T> work) throws IOException {
        return unchanged(() -> under(tables.writeLock(), work));
    }

    /** Nobody else changes tables meanwhile, or writes them to the file. */
    <T> T unchanged(Work<T> work) throws IOException {
        return under(changes, work);
    }

    /** New clusters are underway: in parts of this that have tables shared or alone, the entries of these clusters do not change otherwise. */
    <T> T placing(Work<T> work) throws IOException {
        return under(placements.readLock(), work);
    }

    /** As {@link #alone}, and no new clusters are underway. */
    <T> T settled(Work<T> work) throws IOException {
        return under(placements.writeLock(), () -> alone(work));
    }

    private static <T> T under(Lock lock, Work<T> work) throws IOException {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}
