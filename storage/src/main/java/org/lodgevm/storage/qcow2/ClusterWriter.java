package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.ByteStore;

/** What changes tables, but for {@link NewClusters}: compressed clusters, and giving up old ones. Needs the tables alone, and no new clusters underway. */
final class ClusterWriter {
    private final ByteStore store;
    private final Qcow2Header header;
    private final Geometry geometry;
    private final Metadata metadata;
    private final ClusterMap map;
    private final Allocator allocator;
    private final CompressedClusters compressed;
    private final boolean hasBacking;
    /** Where the next compressed cluster may go: after the last one, if that is not at the end of a cluster. */
    private long compressedEnd;

    ClusterWriter(ByteStore store, Qcow2Header header, Metadata metadata, CompressedClusters compressed, boolean hasBacking) {
        this.store = store;
        this.header = header;
        this.geometry = header.geometry;
        this.metadata = metadata;
        this.map = metadata.map;
        this.allocator = metadata.allocator;
        this.compressed = compressed;
        this.hasBacking = hasBacking;
    }

    /** What an entry refers to is no longer needed by it. */
    void giveUp(long entry) {
        switch (Mapping.Kind.of(entry)) {
            case DATA, ZERO_PLACED -> allocator.releaseLater(L2Entry.offset(entry) >>> geometry.clusterBits(), 1);
            case COMPRESSED -> {
                long first = L2Entry.compressedOffset(geometry, entry);
                long last = first + L2Entry.compressedLength(geometry, entry) - 1;
                for (long cluster = first >>> geometry.clusterBits(); cluster <= last >>> geometry.clusterBits(); cluster++) {
                    allocator.releaseLater(cluster, 1);
                }
                compressedEnd = 0;
                compressed.forget();
            }
            case ZERO, UNALLOCATED -> {}
        }
    }

    void writePacked(long offset, ByteBuffer packed) throws IOException {
        metadata.announce();
        TableCache.Table table = map.ownTable(offset, allocator);
        long place = placeFor(packed.remaining());
        int packedLength = packed.remaining();
        store.write(place, packed);
        int index = geometry.l2Index(offset);
        giveUp(table.entry(index));
        map.set(table, index, L2Entry.compressed(geometry, place, packedLength));
        compressedEnd = place + packedLength;
        metadata.relieve();
    }

    /** Compressed clusters lie one after the other, and share clusters of the file as far as these can count that. */
    private long placeFor(int length) throws IOException {
        int left = geometry.isAligned(compressedEnd) ? 0 : geometry.clusterSize() - geometry.inCluster(compressedEnd);
        if (left > 0 && left < length) {
            long next = allocator.allocate(1).first();
            if (next == (compressedEnd >>> geometry.clusterBits()) + 1 && allocator.share(next - 1)) {
                return compressedEnd;
            }
            return next << geometry.clusterBits();
        }
        if (left > 0 && allocator.share(compressedEnd >>> geometry.clusterBits())) {
            return compressedEnd;
        }
        return allocator.allocate(1).first() << geometry.clusterBits();
    }

    /** Gives up whole clusters. Where the backing image would show through they become zeroes, if the version has such. */
    void discard(long from, long end) throws IOException {
        metadata.announce();
        for (long at = from; at < end;) {
            Mapping mapping = map.at(at, end - at);
            boolean useless = mapping.kind() == Mapping.Kind.UNALLOCATED
                    || mapping.kind() == Mapping.Kind.ZERO
                    || hasBacking && header.version == 2;
            if (!useless) {
                replace(at, mapping.length(), hasBacking || header.version == 3 ? L2Entry.ZERO : 0, false);
            }
            at += mapping.length();
            metadata.relieve();
        }
    }

    /** Makes whole clusters read as zeroes without writing these. @return whether that is possible */
    boolean zero(long from, long end, boolean release) throws IOException {
        if (header.version == 2) {
            return false;
        }
        metadata.announce();
        for (long at = from; at < end;) {
            Mapping mapping = map.at(at, end - at);
            boolean already = mapping.kind().isZero() && !(release && mapping.kind() == Mapping.Kind.ZERO_PLACED)
                    || mapping.kind() == Mapping.Kind.UNALLOCATED && !hasBacking;
            if (!already) {
                replace(at, mapping.length(), L2Entry.ZERO, !release);
            }
            at += mapping.length();
            metadata.relieve();
        }
        return true;
    }

    /** @param keep whether what is ours alone stays where it is, for later */
    private void replace(long offset, long length, long entry, boolean keep) throws IOException {
        TableCache.Table table = map.ownTable(offset, allocator);
        int first = geometry.l2Index(offset);
        for (int i = 0; i < geometry.clusters(length); i++) {
            long old = table.entry(first + i);
            if (keep && L2Entry.isOwnPlace(old)) {
                map.set(table, first + i, old | entry);
            } else {
                giveUp(old);
                map.set(table, first + i, entry);
            }
        }
    }

    void resize(long size) throws IOException {
        metadata.announce();
        long old = header.size;
        if (size < old) {
            header.size = size;
            header.write(store);
            store.flush();
            dropBeyond(size, old);
        } else {
            map.grow((int) Math.min(Integer.MAX_VALUE, geometry.l1Entries(size)), allocator);
            metadata.commit(true);
            header.size = size;
            header.write(store);
        }
        metadata.commit(true);
    }

    private void dropBeyond(long size, long old) throws IOException {
        long end = geometry.clusters(old) << geometry.clusterBits();
        for (long at = geometry.clusters(size) << geometry.clusterBits(); at < end;) {
            Mapping mapping = map.at(at, end - at);
            if (mapping.kind() != Mapping.Kind.UNALLOCATED) {
                replace(at, mapping.length(), 0, false);
            }
            at += mapping.length();
            metadata.relieve();
        }
    }

    /** Gives up everything, so that the backing image shows through. */
    void empty() throws IOException {
        metadata.announce();
        dropBeyond(0, header.size);
        metadata.commit(true);
    }

    /** Gives every cluster a place. @param written whether the space is taken from the host's disk as well */
    void preallocate(boolean written) throws IOException {
        metadata.announce();
        long end = geometry.clusters(header.size) << geometry.clusterBits();
        for (long at = 0; at < end;) {
            TableCache.Table table = map.ownTable(at, allocator);
            int index = geometry.l2Index(at);
            int wanted = (int) Math.min(geometry.l2Entries() - index, end - at >>> geometry.clusterBits());
            Allocator.Run run = allocator.allocate(wanted);
            long place = run.first() << geometry.clusterBits();
            long length = (long) run.count() << geometry.clusterBits();
            if (written) {
                store.writeZeroes(place, length, false);
            } else if (store.size() < place + length) {
                store.resize(place + length);
            }
            for (int i = 0; i < run.count(); i++) {
                map.set(table, index + i, place + ((long) i << geometry.clusterBits()) | L2Entry.COPIED);
            }
            at += length;
            metadata.relieve();
        }
    }
}
