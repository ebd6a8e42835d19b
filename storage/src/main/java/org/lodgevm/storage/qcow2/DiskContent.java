package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.DiskImage;

/** Reads the disk, and writes where it has a place. Changes no table; needs them shared. */
final class DiskContent {
    private final ByteStore store;
    private final Geometry geometry;
    private final ClusterMap map;
    private final CompressedClusters compressed;
    private final DiskImage backing;
    private final LongSet reserved;
    /** The file is at least so long. */
    private volatile long knownEnd;

    /** @param backing or null @param reserved where bookkeeping is; null for an image that is only read */
    DiskContent(ByteStore store, Geometry geometry, ClusterMap map, CompressedClusters compressed, DiskImage backing, LongSet reserved) {
        this.store = store;
        this.geometry = geometry;
        this.map = map;
        this.compressed = compressed;
        this.backing = backing;
        this.reserved = reserved;
    }

    void read(long offset, ByteBuffer into) throws IOException {
        int limit = into.limit();
        long at = offset;
        while (into.hasRemaining()) {
            Mapping mapping = map.at(at, into.remaining());
            into.limit(into.position() + (int) mapping.length());
            switch (mapping.kind()) {
                case DATA -> {
                    checkInside(mapping);
                    store.read(mapping.host(), into);
                }
                case COMPRESSED -> into.put(compressed.content(mapping.entry()), geometry.inCluster(at), (int) mapping.length());
                case ZERO, ZERO_PLACED -> fillZeroes(into);
                case UNALLOCATED -> readBacking(at, into);
            }
            into.limit(limit);
            at += mapping.length();
        }
    }

    private void readBacking(long offset, ByteBuffer into) throws IOException {
        if (backing != null && offset < backing.size()) {
            int limit = into.limit();
            into.limit(into.position() + (int) Math.min(into.remaining(), backing.size() - offset));
            backing.read(offset, into);
            into.limit(limit);
        }
        fillZeroes(into);
    }

    private static void fillZeroes(ByteBuffer into) {
        while (into.remaining() >= Long.BYTES) {
            into.putLong(0);
        }
        while (into.hasRemaining()) {
            into.put((byte) 0);
        }
    }

    /** Whether all of a range is known to be zero without reading it. */
    boolean isZero(long offset, long length) throws IOException {
        if (length == 0) {
            return true;
        }
        Mapping mapping = map.at(offset, length);
        return mapping.length() == length && (mapping.kind().isZero() || mapping.kind() == Mapping.Kind.UNALLOCATED && backing == null);
    }

    /** @return how many bytes could be written where they are, of those at the beginning */
    int writeInPlace(long offset, ByteBuffer from) throws IOException {
        Mapping mapping = map.at(offset, from.remaining());
        if (!mapping.isOwnData()) {
            return 0;
        }
        checkWritable(offset, mapping);
        int limit = from.limit();
        from.limit(from.position() + (int) mapping.length());
        store.write(mapping.host(), from);
        from.limit(limit);
        return (int) mapping.length();
    }

    private void checkWritable(long offset, Mapping mapping) throws IOException {
        checkInside(mapping);
        int bits = geometry.clusterBits();
        long first = mapping.host() >>> bits;
        if (reserved.containsAny(first, (mapping.host() + mapping.length() - 1 >>> bits) - first + 1)) {
            throw new CorruptImageException(
                    store.name(), mapping.host(), "the disk's content at %#x would be written over bookkeeping".formatted(offset));
        }
    }

    /** A cluster begins inside of the file; what of the last one is missing are zeroes. */
    private void checkInside(Mapping mapping) throws IOException {
        long lastCluster = geometry.clusterStart(mapping.host() + mapping.length() - 1);
        if (lastCluster >= knownEnd) {
            knownEnd = store.size();
            if (lastCluster >= knownEnd) {
                throw new CorruptImageException(store.name(), mapping.host(), "a cluster is beyond the end of the file at %#x".formatted(knownEnd));
            }
        }
    }
}
