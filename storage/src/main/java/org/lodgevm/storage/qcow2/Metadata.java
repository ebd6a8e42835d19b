package org.lodgevm.storage.qcow2;

import java.io.IOException;
import org.lodgevm.storage.ByteStore;

/**
 * The bookkeeping of an image that is written to, and the order in which it reaches the file.
 *
 * <p>A file that ends between any two writes of {@link #write} counts everything that is referred to, and perhaps more. With lazy
 * reference counts it may count less. Version 3 says in the header that the image is in use, so that whoever opens it after a
 * crash, Lodge or QEMU, sets the counts right first; as {@link Checker#recover} does.
 */
final class Metadata {
    final ClusterMap map;
    final Allocator allocator;
    private final ByteStore store;
    private final Qcow2Header header;
    private volatile boolean announced;

    Metadata(ByteStore store, Qcow2Header header, LongSet reserved) throws IOException {
        this.store = store;
        this.header = header;
        reserved.add(0);
        this.map = new ClusterMap(store, header, reserved);
        this.allocator = new Allocator(store, header, reserved);
    }

    boolean isAnnounced() {
        return announced;
    }

    /** To be called before anything changes, content included. @qcow2 "autoclear_features", "Dirty bit" */
    void announce() throws IOException {
        if (announced) {
            return;
        }
        if (header.version > 2) {
            header.autoclear = 0;
            header.incompatible |= Qcow2Header.DIRTY;
            header.write(store);
            store.flush();
        }
        announced = true;
    }

    /** Writes everything if too much waits for it. */
    void relieve() throws IOException {
        if (map.isCrowded() || allocator.isCrowded()) {
            commit(true);
        }
    }

    boolean hasChanges() {
        return map.hasChanges() || allocator.hasChanges();
    }

    /** {@link #write} and {@link #release}. */
    void commit(boolean counts) throws IOException {
        write(counts);
        release();
    }

    /**
     * What was written before is durable afterwards. Tables do not change, so that others may read them meanwhile.
     *
     * @param counts whether lazy counts are written as well
     */
    void write(boolean counts) throws IOException {
        if (counts || !header.isLazy()) {
            allocator.write();
        }
        store.flush();
        if (map.hasChanges()) {
            map.write();
            store.flush();
        }
    }

    /** After {@link #write}: clusters to which nothing in the file refers any more may be used for something else. */
    void release() throws IOException {
        allocator.applyReleases();
    }

    /** Leaves the file as if nobody had it open. */
    void finish() throws IOException {
        commit(true);
        if (allocator.hasChanges()) {
            commit(true);
        }
        if (announced && header.has(Qcow2Header.DIRTY)) {
            header.incompatible &= ~Qcow2Header.DIRTY;
            header.write(store);
            store.flush();
        }
        announced = false;
    }
}
