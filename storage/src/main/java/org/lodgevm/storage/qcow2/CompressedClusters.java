package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;

/** Unpacks clusters, and keeps those unpacked last: a guest reads them in smaller pieces. Thread-safe. */
final class CompressedClusters {
    private static final int CACHE_BYTES = 4 << 20;

    private final ByteStore store;
    private final Geometry geometry;
    private final Codec codec;
    private final Map<Long, byte[]> unpacked;

    CompressedClusters(ByteStore store, Qcow2Header header) {
        this.store = store;
        this.geometry = header.geometry;
        this.codec = header.codec;
        int capacity = Math.max(2, CACHE_BYTES / geometry.clusterSize());
        this.unpacked = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
                return size() > capacity;
            }
        };
    }

    /** The content of a cluster, not to be changed. @param entry of L2 */
    byte[] content(long entry) throws IOException {
        synchronized (unpacked) {
            byte[] known = unpacked.get(entry);
            if (known != null) {
                return known;
            }
        }
        byte[] content = unpack(entry);
        synchronized (unpacked) {
            unpacked.put(entry, content);
        }
        return content;
    }

    private byte[] unpack(long entry) throws IOException {
        long offset = L2Entry.compressedOffset(geometry, entry);
        byte[] packed = new byte[L2Entry.compressedLength(geometry, entry)];
        if (offset >= store.size()) {
            throw new CorruptImageException(store.name(), offset, "a compressed cluster is beyond the end of the file");
        }
        store.read(offset, ByteBuffer.wrap(packed));
        byte[] content = new byte[geometry.clusterSize()];
        try {
            codec.unpack(packed, content);
        } catch (IOException e) {
            throw new CorruptImageException(store.name(), offset, "a compressed cluster cannot be unpacked: " + e.getMessage());
        }
        return content;
    }

    /** Places in the file are given back, and may be used for something else. */
    void forget() {
        synchronized (unpacked) {
            unpacked.clear();
        }
    }
}
