package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.StorageException;

/**
 * Which clusters of the file are in use, and how often. Guarded by the image's lock, exclusively.
 *
 * @qcow2 "Host cluster management"
 */
final class Allocator {
    /** Clusters in a row, by their numbers. */
    record Run(long first, int count) {}

    private static final long BLOCK_OFFSET = ~0x1ffL;
    private static final int CACHE_BYTES = 4 << 20;
    /** More releases that wait than these are reason enough to write everything. */
    private static final int MANY = 1 << 14;

    private final ByteStore store;
    private final Qcow2Header header;
    private final Geometry geometry;
    private final LongSet reserved;
    private final TableCache blocks;
    private final RefcountBits bits;
    private final List<Run> releases = new ArrayList<>();
    private long[] table;
    private int changedFrom = Integer.MAX_VALUE;
    private int changedTo;
    /** Where the table is, or will be once it is written. */
    private Run tablePlace;
    private boolean moved;
    /** No cluster before this one is free. */
    private long hint;

    /** @param reserved where bookkeeping is; the allocator adds its own */
    Allocator(ByteStore store, Qcow2Header header, LongSet reserved) throws IOException {
        this.store = store;
        this.header = header;
        this.geometry = header.geometry;
        this.reserved = reserved;
        this.blocks = new TableCache(store, geometry.clusterSize(), CACHE_BYTES);
        this.bits = new RefcountBits(geometry.refcountOrder());
        this.table = readTable(store, header);
        this.tablePlace = new Run(header.reftableOffset >>> geometry.clusterBits(), header.reftableClusters);
        reserve(tablePlace);
        for (int slot = 0; slot < table.length; slot++) {
            if (table[slot] != 0 && !reserved.add(blockPlace(slot) >>> geometry.clusterBits())) {
                throw new CorruptImageException(store.name(), table[slot], "a refcount block is where other bookkeeping is");
            }
        }
    }

    static long[] readTable(ByteStore store, Qcow2Header header) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(header.reftableClusters << header.geometry.clusterBits());
        store.read(header.reftableOffset, bytes);
        long[] table = new long[bytes.capacity() / Long.BYTES];
        bytes.flip().asLongBuffer().get(table);
        return table;
    }

    private void reserve(Run run) {
        for (long cluster = run.first; cluster < run.first + run.count; cluster++) {
            reserved.add(cluster);
        }
    }

    private long blockPlace(int slot) throws CorruptImageException {
        long place = table[slot] & BLOCK_OFFSET;
        if (place < 0 || place != table[slot] || !geometry.isAligned(place)) {
            throw new CorruptImageException(
                    store.name(), header.reftableOffset + (long) slot * Long.BYTES, "the refcount table refers to %#x, no cluster's beginning".formatted(table[slot]));
        }
        return place;
    }

    private long refcount(long cluster) throws IOException {
        long slot = cluster / geometry.refcountsPerBlock();
        if (slot >= table.length || table[(int) slot] == 0) {
            return 0;
        }
        return bits.get(blocks.at(blockPlace((int) slot)).entries, (int) (cluster % geometry.refcountsPerBlock()));
    }

    private void add(long cluster, int difference) throws IOException {
        int slot = slot(cluster);
        TableCache.Table block = blocks.at(blockPlace(slot));
        int index = (int) (cluster % geometry.refcountsPerBlock());
        long count = bits.get(block.entries, index) + difference;
        bits.set(block.entries, index, count);
        blocks.changed(block, bits.place(index), Long.BYTES);
    }

    /** Of a cluster that is counted: made sure that there is a count for it. */
    private int slot(long cluster) throws IOException {
        long slot = cluster / geometry.refcountsPerBlock();
        if (slot >= table.length) {
            growTable(slot + 1);
        }
        if (table[(int) slot] == 0) {
            // A block that is missing goes to the first of the clusters that it counts, none of which is in use.
            addBlock((int) slot, slot * geometry.refcountsPerBlock());
        }
        return (int) slot;
    }

    /** @param cluster where it goes, which is free and which it counts itself, or one that is there already */
    private void addBlock(int slot, long cluster) throws IOException {
        checkFree(cluster);
        reserved.add(cluster);
        table[slot] = cluster << geometry.clusterBits();
        blocks.create(table[slot], ByteBuffer.allocate(geometry.clusterSize()));
        changedFrom = Math.min(changedFrom, slot);
        changedTo = Math.max(changedTo, slot + 1);
        add(cluster, 1);
    }

    private void growTable(long slots) throws IOException {
        long bytes = (slots + slots / 2) * Long.BYTES;
        long clusters = geometry.clusters(Math.min(bytes, Qcow2Header.MAX_REFTABLE_BYTES));
        if (slots * Long.BYTES > Qcow2Header.MAX_REFTABLE_BYTES) {
            throw new StorageException(store.name(), "the file cannot grow beyond what its refcount table can count");
        }
        table = Arrays.copyOf(table, (int) (clusters << geometry.clusterBits()) / Long.BYTES);
        Run place = new Run(allocateTogether((int) clusters), (int) clusters);
        reserve(place);
        releaseLater(tablePlace.first, tablePlace.count);
        tablePlace = place;
        moved = true;
    }

    /** Takes up to so many clusters, at least one, all in a row. */
    Run allocate(int wanted) throws IOException {
        long first = nextFree(hint);
        int count = 1;
        while (count < wanted && isCounted(first + count) && refcount(first + count) == 0) {
            count++;
        }
        Run run = new Run(first, count);
        take(run);
        hint = first + count;
        return run;
    }

    /** Takes so many clusters in a row. @return the first */
    long allocateTogether(int count) throws IOException {
        long first = count < geometry.refcountsPerBlock() ? findTogether(count) : behindItsBlocks(count);
        take(new Run(first, count));
        return first;
    }

    private long findTogether(int count) throws IOException {
        long first = nextFree(hint);
        for (int found = 1; found < count;) {
            slot(first + found); // may put a block there
            if (refcount(first + found) == 0) {
                found++;
            } else {
                first = nextFree(first + found);
                found = 1;
            }
        }
        return first;
    }

    /** A run that is too long to be between two blocks: those that count it all go in front of it, to where nothing was counted before. */
    private long behindItsBlocks(int count) throws IOException {
        int perBlock = geometry.refcountsPerBlock();
        int added = count / (perBlock - 1) + 1; // they count themselves as well
        while (table.length - slotsInUse() < added) {
            growTable(slotsInUse() + added);
        }
        int slot = slotsInUse();
        long cluster = (long) slot * perBlock;
        for (int i = 0; i < added; i++) {
            addBlock(slot + i, cluster + i);
        }
        return cluster + added;
    }

    private int slotsInUse() {
        int slots = table.length;
        while (slots > 0 && table[slots - 1] == 0) {
            slots--;
        }
        return slots;
    }

    private boolean isCounted(long cluster) {
        long slot = cluster / geometry.refcountsPerBlock();
        return slot < table.length && table[(int) slot] != 0;
    }

    private long nextFree(long from) throws IOException {
        long cluster = from;
        while (true) {
            slot(cluster);
            if (refcount(cluster) == 0) {
                return cluster;
            }
            cluster++;
        }
    }

    private void take(Run run) throws IOException {
        for (int i = 0; i < run.count; i++) {
            checkFree(run.first + i);
        }
        for (int i = 0; i < run.count; i++) {
            add(run.first + i, 1);
        }
    }

    private void checkFree(long cluster) throws CorruptImageException {
        if (reserved.contains(cluster)) {
            throw new CorruptImageException(
                    store.name(), cluster << geometry.clusterBits(), "bookkeeping is there, but counted as free; repair the image before writing to it");
        }
    }

    /** One more use of a cluster that is in use. @return whether it can be counted */
    boolean share(long cluster) throws IOException {
        if (Long.compareUnsigned(refcount(cluster), geometry.refcountLimit()) >= 0) {
            return false;
        }
        add(cluster, 1);
        return true;
    }

    /** Gives back what no table on the disk ever referred to. */
    void release(long first, int count) throws IOException {
        for (long cluster = first; cluster < first + count; cluster++) {
            if (refcount(cluster) == 0) {
                throw new CorruptImageException(
                        store.name(), cluster << geometry.clusterBits(), "it is in use, but counted as free; repair the image before writing to it");
            }
            add(cluster, -1);
            if (refcount(cluster) == 0) {
                hint = Math.min(hint, cluster);
                reserved.remove(cluster);
            }
        }
    }

    /** Gives clusters back once the tables on the disk no longer refer to them. */
    void releaseLater(long first, int count) {
        Run last = releases.isEmpty() ? null : releases.getLast();
        if (last != null && last.first + last.count == first && last.count + count > 0) {
            releases.set(releases.size() - 1, new Run(last.first, last.count + count));
        } else {
            releases.add(new Run(first, count));
        }
    }

    boolean isCrowded() {
        return blocks.isCrowded() || releases.size() > MANY;
    }

    boolean hasChanges() {
        return blocks.hasChanges() || changedFrom < changedTo || moved || !releases.isEmpty();
    }

    /** Writes counts, then what leads to them. */
    void write() throws IOException {
        blocks.write();
        if (!moved && changedFrom >= changedTo) {
            return;
        }
        store.flush();
        int from = moved ? 0 : changedFrom;
        int to = moved ? table.length : changedTo;
        ByteBuffer bytes = ByteBuffer.allocate((to - from) * Long.BYTES);
        bytes.asLongBuffer().put(table, from, to - from);
        store.write((tablePlace.first << geometry.clusterBits()) + (long) from * Long.BYTES, bytes);
        changedFrom = Integer.MAX_VALUE;
        changedTo = 0;
        if (moved) {
            store.flush();
            header.reftableOffset = tablePlace.first << geometry.clusterBits();
            header.reftableClusters = tablePlace.count;
            header.write(store);
            moved = false;
        }
    }

    /** Nothing on the disk refers any more to what waits to be released. */
    void applyReleases() throws IOException {
        List<Run> due = List.copyOf(releases);
        releases.clear();
        for (Run run : due) {
            release(run.first, run.count);
            discardFree(run);
        }
    }

    private void discardFree(Run run) throws IOException {
        long begin = run.first;
        for (long cluster = run.first; cluster <= run.first + run.count; cluster++) {
            if (cluster == run.first + run.count || refcount(cluster) != 0) {
                if (begin < cluster) {
                    store.discard(begin << geometry.clusterBits(), cluster - begin << geometry.clusterBits());
                }
                begin = cluster + 1;
            } else {
                blocks.forget(cluster << geometry.clusterBits());
            }
        }
    }
}
