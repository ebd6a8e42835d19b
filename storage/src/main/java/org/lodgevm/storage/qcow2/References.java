package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.UnsupportedImageException;

/**
 * Counts every reference to a cluster, by walking all tables of a file. Each table is read once, however many refer to it.
 *
 * @qcow2 "General"
 */
final class References {
    /** Hears of references that lead nowhere. */
    interface Problems {
        void found(long offset, String problem);
    }

    private static final long MOST_TABLES = 1 << 24;

    final ClusterCounts counts = new ClusterCounts();
    private final ByteStore store;
    private final Qcow2Header header;
    private final Geometry geometry;
    private final Problems problems;
    private final long fileClusters;
    /** How many L1 tables refer to an L2 table. */
    private final Map<Long, Integer> tables = new HashMap<>();
    long dataClusters;
    long compressedClusters;
    long fragmented;

    References(ByteStore store, Qcow2Header header, Problems problems) throws IOException {
        this.store = store;
        this.header = header;
        this.geometry = header.geometry;
        this.problems = problems;
        this.fileClusters = geometry.clusters(store.size());
    }

    /** Everything but the counts themselves. @param l1 the active one, which need not be in the file yet */
    References countContent(long[] l1, List<SnapshotTable.Row> snapshots) throws IOException {
        counts.add(0, 1);
        countL1(l1, header.l1Offset, true);
        for (SnapshotTable.Row row : snapshots) {
            countRange(row.l1Offset(), (long) row.l1Size() * Long.BYTES);
            countL1(ClusterMap.readL1(store, row.l1Offset(), row.l1Size()), row.l1Offset(), false);
        }
        for (Map.Entry<Long, Integer> table : tables.entrySet()) {
            countL2(table.getKey(), table.getValue());
        }
        countBitmaps();
        return this;
    }

    void countRange(long offset, long bytes) {
        if (bytes > 0) {
            counts.addAll(offset >>> geometry.clusterBits(), geometry.clusters(bytes));
        }
    }

    /** The refcount table and its blocks. */
    References countCounts(long[] reftable) {
        countRange(header.reftableOffset, (long) header.reftableClusters << geometry.clusterBits());
        for (int i = 0; i < reftable.length; i++) {
            if (reftable[i] != 0) {
                count(reftable[i], 1, header.reftableOffset + (long) i * Long.BYTES, "a refcount block");
            }
        }
        return this;
    }

    private boolean count(long place, int times, long referrer, String what) {
        if (!geometry.isAligned(place) || place >>> geometry.clusterBits() >= fileClusters) {
            problems.found(referrer, "%s is said to be at %#x, which is %s".formatted(
                    what, place, geometry.isAligned(place) ? "beyond the end of the file" : "inside of a cluster"));
            return false;
        }
        counts.add(place >>> geometry.clusterBits(), times);
        return true;
    }

    private void countL1(long[] l1, long place, boolean active) throws IOException {
        Map<Long, Integer> here = new HashMap<>();
        for (int i = 0; i < l1.length; i++) {
            long table = L2Entry.offset(l1[i]);
            if (table != 0 && count(table, 1, place + (long) i * Long.BYTES, "an L2 table") && here.put(table, i) == null) {
                tables.merge(table, 1, Integer::sum);
            } else if (table != 0 && active) {
                problems.found(place + (long) i * Long.BYTES, "the L2 table at %#x is used twice or not there".formatted(table));
            }
        }
        if (tables.size() > MOST_TABLES) {
            throw new UnsupportedImageException(store.name(), "it has more L2 tables than can be checked");
        }
    }

    private void countL2(long place, int times) throws IOException {
        ByteBuffer entries = ByteBuffer.allocate(geometry.clusterSize());
        store.read(place, entries);
        int step = geometry.l2EntryLength();
        long expected = 0;
        for (int at = 0; at < entries.capacity(); at += step) {
            long entry = entries.getLong(at);
            long offset = L2Entry.offset(entry);
            if (L2Entry.isCompressed(entry)) {
                countCompressed(entry, times, place + at);
            } else if (offset != 0) {
                if (count(offset, times, place + at, "a cluster")) {
                    dataClusters++;
                    fragmented += expected != 0 && offset != expected ? 1 : 0;
                    expected = offset + geometry.clusterSize();
                }
            }
        }
    }

    private void countCompressed(long entry, int times, long referrer) {
        long first = L2Entry.compressedOffset(geometry, entry);
        long last = first + L2Entry.compressedLength(geometry, entry) - 1;
        compressedClusters++;
        dataClusters++;
        fragmented++;
        for (long at = geometry.clusterStart(first); at <= last; at += geometry.clusterSize()) {
            count(at, times, referrer, "a compressed cluster");
        }
    }

    private void countBitmaps() throws IOException {
        List<Bitmaps.Entry> bitmaps = Bitmaps.entries(store, header);
        if (bitmaps.isEmpty()) {
            return;
        }
        countRange(header.extensions.bitmaps().getLong(16), header.extensions.bitmaps().getLong(8));
        for (Bitmaps.Entry bitmap : bitmaps) {
            long bytes = (long) bitmap.entries() * Long.BYTES;
            if (bytes < 0 || bytes > Qcow2Header.MAX_L1_BYTES || bitmap.table() < 0 || bitmap.table() > store.size() - bytes) {
                problems.found(bitmap.table(), "the table of bitmap '%s' is not inside of the file".formatted(bitmap.name()));
                continue;
            }
            countRange(bitmap.table(), bytes);
            for (long cluster : ClusterMap.readL1(store, bitmap.table(), bitmap.entries())) {
                if (L2Entry.offset(cluster) != 0) {
                    count(L2Entry.offset(cluster), 1, bitmap.table(), "a bitmap's cluster");
                }
            }
        }
    }
}
