package org.lodgevm.storage.qcow2;

import java.io.IOException;
import org.lodgevm.storage.ByteStore;

/** Lays out an empty image: header, refcount table, one refcount block or more, L1. */
final class NewImage {
    private NewImage() {}

    static void write(ByteStore store, Qcow2Header header) throws IOException {
        Geometry geometry = header.geometry;
        long l1Entries = geometry.l1Entries(header.size);
        if (l1Entries * Long.BYTES > Qcow2Header.MAX_L1_BYTES) {
            throw new IllegalArgumentException("a disk of %d bytes needs clusters larger than %d bytes".formatted(header.size, geometry.clusterSize()));
        }
        int l1Clusters = Math.max(1, (int) geometry.clusters(l1Entries * Long.BYTES));
        header.l1Size = (int) l1Entries;
        ClusterCounts counts = new ClusterCounts();
        ClusterCounts occupied = new ClusterCounts();
        counts.addAll(0, 1L + l1Clusters);
        occupied.addAll(0, 1L + l1Clusters);
        header.l1Offset = geometry.clusterSize();
        store.writeZeroes(0, (1L + l1Clusters) << geometry.clusterBits(), false);
        RefcountWriter.Place place = new RefcountWriter(store, geometry).write(counts, occupied);
        header.reftableOffset = place.offset();
        header.reftableClusters = place.clusters();
        store.flush();
        header.writeNew(store);
        store.flush();
    }
}
