package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.lodgevm.storage.ByteStore;

/**
 * A new state of all bookkeeping, written to clusters that the present one does not use. One write of the header puts it in
 * force, so that a file that ends before has the old state, and after it the new one.
 *
 * <p>Content stays where it is. An L2 table is written anew only if flags in it are not what the new counts make of them.
 */
final class Generation {
    private final ByteStore store;
    private final Qcow2Header header;
    private final Geometry geometry;
    private final ClusterCounts occupied;
    private long cursor = 1;

    /** @param header of the present state, which {@link #replace} changes */
    Generation(ByteStore store, Qcow2Header header) throws IOException {
        this.store = store;
        this.header = header;
        this.geometry = header.geometry;
        SnapshotTable snapshots = header.snapshots == 0 ? new SnapshotTable(List.of(), 0) : SnapshotTable.read(store, header);
        References present = new References(store, header, (at, problem) -> {});
        present.countContent(ClusterMap.readL1(store, header.l1Offset, header.l1Size), snapshots.rows());
        present.countRange(header.l1Offset, (long) header.l1Size * Long.BYTES);
        present.countRange(header.snapshotsOffset, snapshots.bytes());
        present.countCounts(Allocator.readTable(store, header));
        this.occupied = present.counts;
    }

    /** Makes this the state of the file. @param l1 of the active state, where it now refers to what tables there are */
    void replace(long[] l1, List<SnapshotTable.Row> snapshots, long diskSize) throws IOException {
        References content = new References(store, header, (at, problem) -> {});
        content.countContent(l1, snapshots);
        long[] tables = withRightTables(l1, content.counts);
        header.size = diskSize;
        header.l1Size = tables.length;
        header.snapshots = snapshots.size();
        ByteBuffer snapshotTable = SnapshotTable.encode(snapshots);
        header.snapshotsOffset = snapshotTable.hasRemaining() ? write(snapshotTable) : 0;

        References finalCounts = new References(store, header, (at, problem) -> {});
        finalCounts.countContent(tables, snapshots);
        for (int i = 0; i < tables.length; i++) {
            long place = L2Entry.offset(tables[i]);
            boolean own = place != 0 && finalCounts.counts.get(place >>> geometry.clusterBits()) == 1;
            tables[i] = place | (own ? L2Entry.COPIED : 0);
        }
        ByteBuffer l1Bytes = ByteBuffer.allocate(Math.max(1, tables.length) * Long.BYTES);
        l1Bytes.asLongBuffer().put(tables);
        header.l1Offset = write(l1Bytes);
        finalCounts.countRange(header.l1Offset, l1Bytes.capacity());
        finalCounts.countRange(header.snapshotsOffset, snapshotTable.capacity());
        RefcountWriter.Place place = new RefcountWriter(store, geometry).write(finalCounts.counts, occupied);
        header.reftableOffset = place.offset();
        header.reftableClusters = place.clusters();
        header.incompatible &= ~(Qcow2Header.DIRTY | Qcow2Header.CORRUPT);
        store.flush();
        header.write(store);
        store.flush();
    }

    /** Copies tables whose entries say wrongly whether they are the only ones to refer to a cluster. */
    private long[] withRightTables(long[] l1, ClusterCounts counts) throws IOException {
        long[] tables = l1.clone();
        for (int i = 0; i < tables.length; i++) {
            long place = L2Entry.offset(tables[i]);
            if (place == 0 || !geometry.isAligned(place)) {
                continue;
            }
            ByteBuffer entries = ByteBuffer.allocate(geometry.clusterSize());
            store.read(place, entries);
            if (correctFlags(entries, counts)) {
                tables[i] = write(entries);
            }
        }
        return tables;
    }

    private boolean correctFlags(ByteBuffer entries, ClusterCounts counts) {
        boolean changed = false;
        for (int at = 0; at < entries.capacity(); at += geometry.l2EntryLength()) {
            long entry = entries.getLong(at);
            boolean own = Mapping.Kind.of(entry).hasPlace() && counts.get(L2Entry.offset(entry) >>> geometry.clusterBits()) == 1;
            if (own != L2Entry.isCopied(entry)) {
                entries.putLong(at, entry ^ L2Entry.COPIED);
                changed = true;
            }
        }
        return changed;
    }

    /** Writes whole clusters where nothing is. @return where */
    private long write(ByteBuffer content) throws IOException {
        int clusters = (int) geometry.clusters(content.capacity());
        cursor = occupied.gap(cursor, clusters);
        occupied.addAll(cursor, clusters);
        long place = cursor << geometry.clusterBits();
        ByteBuffer whole = ByteBuffer.allocate(clusters << geometry.clusterBits());
        whole.put(content.clear());
        store.write(place, whole.clear());
        return place;
    }
}
