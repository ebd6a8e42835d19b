package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongConsumer;
import org.lodgevm.storage.ByteStore;

/**
 * Writes to clusters that are not there, or not ours alone. A place is taken for them, filled, and referred to only then: who reads meanwhile, or after a crash,
 * finds what was there before.
 *
 * <p>Tables are needed alone to take a place and to refer to it, and not at all while the host has it filled. In between the clusters are underway: whoever
 * writes to one of them as well waits.
 */
final class NewClusters {
    /**
     * Clusters in a row that have a place and are not yet referred to.
     *
     * @param first of the clusters, by its number on the disk
     * @param run their place
     * @param isOld whether the place was theirs before, without content
     * @param offset where on the disk what is written begins, inside of the first cluster
     * @param length of what is written, in bytes; it ends inside of the last cluster
     */
    private record Placement(long first, Allocator.Run run, boolean isOld, long offset, int length, CompletableFuture<Void> ended) {
        private boolean covers(long cluster) {
            return first <= cluster && cluster < first + run.count();
        }
    }

    private final Locks locks;
    private final DiskContent content;
    private final ByteStore store;
    private final Qcow2Header header;
    private final Geometry geometry;
    private final Metadata metadata;
    private final ClusterMap map;
    private final Allocator allocator;
    private final LongConsumer giveUp;
    /** By their first clusters. */
    private final ConcurrentSkipListMap<Long, Placement> underway = new ConcurrentSkipListMap<>();

    /** @param giveUp told of entries that no longer refer to what they did */
    NewClusters(Locks locks, DiskContent content, ByteStore store, Qcow2Header header, Metadata metadata, LongConsumer giveUp) {
        this.locks = locks;
        this.content = content;
        this.store = store;
        this.header = header;
        this.geometry = header.geometry;
        this.metadata = metadata;
        this.map = metadata.map;
        this.allocator = metadata.allocator;
        this.giveUp = giveUp;
    }

    /**
     * Writes as much as there is one place for. In {@link Locks#placing}.
     *
     * @return how many bytes; none if others had begun with the first cluster, who are done now
     */
    int write(long offset, ByteBuffer from) throws IOException {
        Placement placement = locks.alone(() -> take(offset, from.remaining()));
        if (placement == null) {
            await(offset);
            return 0;
        }
        try {
            fill(placement, from.slice(from.position(), placement.length));
        } catch (IOException | RuntimeException | Error e) {
            locks.alone(() -> {
                giveBack(placement);
                return null;
            });
            throw e;
        }
        locks.alone(() -> {
            refer(placement);
            return null;
        });
        from.position(from.position() + placement.length);
        return placement.length;
    }

    /** Takes a place for as many clusters as possible of a range. @return null if the first one is underway, or is there meanwhile */
    private Placement take(long offset, int length) throws IOException {
        metadata.announce();
        Mapping mapping = map.at(offset, length);
        long first = offset >>> geometry.clusterBits();
        if (mapping.isOwnData() || underwayAt(first) != null) {
            return null;
        }
        int clusters = newClusters(offset, length);
        boolean isOld = mapping.kind() == Mapping.Kind.ZERO_PLACED && mapping.own();
        Allocator.Run run = isOld ? new Allocator.Run(mapping.host() >>> geometry.clusterBits(), 1) : allocator.allocate(clusters);
        long room = ((long) run.count() << geometry.clusterBits()) - geometry.inCluster(offset);
        Placement placement = new Placement(first, run, isOld, offset, (int) Math.min(length, room), new CompletableFuture<>());
        underway.put(first, placement);
        return placement;
    }

    /** How many clusters in a row need a new place. */
    private int newClusters(long offset, int length) throws IOException {
        TableCache.Table table = map.ownTable(offset, allocator);
        int index = geometry.l2Index(offset);
        int wanted = (int) Math.min(geometry.l2Entries() - index, geometry.clusters(geometry.inCluster(offset) + (long) length));
        Long next = underway.higherKey(offset >>> geometry.clusterBits());
        int end = next == null ? wanted : (int) Math.min(wanted, next - (offset >>> geometry.clusterBits()));
        int count = 1;
        while (count < end && !L2Entry.isOwnPlace(table.entry(index + count))) {
            count++;
        }
        return count;
    }

    private Placement underwayAt(long cluster) {
        Map.Entry<Long, Placement> before = underway.floorEntry(cluster);
        return before != null && before.getValue().covers(cluster) ? before.getValue() : null;
    }

    /** Waits for another write's end, if the cluster is underway. */
    private void await(long offset) {
        Placement placement = underwayAt(offset >>> geometry.clusterBits());
        if (placement != null) {
            placement.ended.join();
        }
    }

    /** Writes whole clusters: what is given, and around it what the disk has there now. */
    private void fill(Placement placement, ByteBuffer from) throws IOException {
        long place = placement.run.first() << geometry.clusterBits();
        long begin = placement.first << geometry.clusterBits();
        int before = (int) (placement.offset - begin);
        int written = before + placement.length;
        copy(begin, place, before);
        store.write(place + before, from);
        copy(begin + written, place + written, (int) (((long) placement.run.count() << geometry.clusterBits()) - written));
    }

    private void copy(long offset, long place, int length) throws IOException {
        if (length == 0) {
            return;
        }
        ByteBuffer bytes = locks.shared(() -> present(offset, length));
        if (bytes == null) {
            store.writeZeroes(place, length, false);
        } else {
            store.write(place, bytes);
        }
    }

    /** What the disk has now, and zeroes beyond its end. @return null if there are zeroes only */
    private ByteBuffer present(long offset, int length) throws IOException {
        int inside = Math.clamp(header.size - offset, 0, length);
        if (content.isZero(offset, inside)) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        content.read(offset, bytes.limit(inside));
        return bytes.clear();
    }

    private void refer(Placement placement) throws IOException {
        try {
            TableCache.Table table = map.ownTable(placement.offset, allocator);
            int index = geometry.l2Index(placement.offset);
            for (int i = 0; i < placement.run.count(); i++) {
                if (!placement.isOld) {
                    giveUp.accept(table.entry(index + i));
                }
                map.set(table, index + i, placement.run.first() + i << geometry.clusterBits() | L2Entry.COPIED);
            }
            metadata.relieve();
        } finally {
            end(placement);
        }
    }

    private void giveBack(Placement placement) throws IOException {
        try {
            if (!placement.isOld) {
                allocator.release(placement.run.first(), placement.run.count());
            }
        } finally {
            end(placement);
        }
    }

    private void end(Placement placement) {
        underway.remove(placement.first);
        placement.ended.complete(null);
    }
}
