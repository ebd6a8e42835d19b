package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CheckReport;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.ImageInfo;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.Snapshots;
import org.lodgevm.storage.StorageException;

/**
 * A disk in a qcow2 file.
 *
 * <p>Reads, and writes to clusters that are there, share the lock and so run side by side; whatever changes a table has the lock alone. A flush, which
 * waits for the host's disk, keeps others from changing tables, but not from using them.
 */
final class Qcow2Image implements DiskImage {
    private final ByteStore store;
    private final DiskImage backing;
    private final boolean ownsBacking;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    /** Tables are neither changed nor written to the file without it. Taken before the other lock. */
    private final Lock tables = new ReentrantLock();
    private volatile State state;
    /** The file is at least so long. */
    private volatile long knownEnd;

    /** What is known of a file; made anew when the file changes as a whole. */
    private record State(Qcow2Header header, LongSet reserved, Metadata metadata, ClusterMap map, CompressedClusters compressed, ClusterWriter writer) {}

    /** @param backing or null */
    Qcow2Image(ByteStore store, Qcow2Header header, DiskImage backing) throws IOException {
        this(store, header, backing, true);
    }

    private Qcow2Image(ByteStore store, Qcow2Header header, DiskImage backing, boolean ownsBacking) throws IOException {
        this.store = store;
        this.backing = backing;
        this.ownsBacking = ownsBacking;
        load(header);
    }

    private void load(Qcow2Header header) throws IOException {
        CompressedClusters compressed = new CompressedClusters(store, header);
        if (isReadOnly()) {
            state = new State(header, null, null, new ClusterMap(store, header, null), compressed, null);
        } else {
            LongSet reserved = new LongSet();
            Metadata metadata = new Metadata(store, header, reserved);
            ClusterWriter writer = new ClusterWriter(this::readUnlocked, store, header, metadata, compressed, backing != null);
            state = new State(header, reserved, metadata, metadata.map, compressed, writer);
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T shared(Work<T> work) throws IOException {
        lock.readLock().lock();
        try {
            return work.run();
        } finally {
            lock.readLock().unlock();
        }
    }

    private <T> T alone(Work<T> work) throws IOException {
        tables.lock();
        lock.writeLock().lock();
        try {
            return work.run();
        } finally {
            lock.writeLock().unlock();
            tables.unlock();
        }
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public long size() {
        return state.header.size;
    }

    @Override
    public boolean isReadOnly() {
        return store.isReadOnly();
    }

    @Override
    public Optional<DiskImage> backing() {
        return Optional.ofNullable(backing);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        BlockImage.checkRange(this, offset, into.remaining());
        shared(() -> {
            readUnlocked(offset, into);
            return null;
        });
    }

    private void readUnlocked(long offset, ByteBuffer into) throws IOException {
        int limit = into.limit();
        long at = offset;
        while (into.hasRemaining()) {
            Mapping mapping = state.map.at(at, into.remaining());
            into.limit(into.position() + (int) mapping.length());
            switch (mapping.kind()) {
                case DATA -> {
                    checkInside(mapping.host(), mapping.length());
                    store.read(mapping.host(), into);
                }
                case COMPRESSED -> into.put(
                        state.compressed.content(mapping.entry()), state.header.geometry.inCluster(at), (int) mapping.length());
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

    /** A cluster begins inside of the file; what of the last one is missing are zeroes. */
    private void checkInside(long host, long length) throws IOException {
        Geometry geometry = state.header.geometry;
        long lastCluster = geometry.clusterStart(host + length - 1);
        if (lastCluster >= knownEnd) {
            knownEnd = store.size();
            if (lastCluster >= knownEnd) {
                throw new CorruptImageException(name(), host, "a cluster is beyond the end of the file at %#x".formatted(knownEnd));
            }
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        BlockImage.checkChange(this, offset, from.remaining());
        if (!state.metadata.isAnnounced()) {
            alone(() -> {
                state.metadata.announce();
                return null;
            });
        }
        long at = offset;
        while (from.hasRemaining()) {
            long place = at;
            int written = shared(() -> writeInPlace(place, from));
            if (written == 0) {
                written = alone(() -> {
                    int inPlace = writeInPlace(place, from); // somebody else may have made room meanwhile
                    return inPlace > 0 ? inPlace : state.writer.write(place, from);
                });
            }
            at += written;
        }
    }

    /** @return how many bytes could be written where they are, of those at the beginning */
    private int writeInPlace(long offset, ByteBuffer from) throws IOException {
        Mapping mapping = state.map.at(offset, from.remaining());
        if (mapping.kind() != Mapping.Kind.DATA || !mapping.own()) {
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
        checkInside(mapping.host(), mapping.length());
        int bits = state.header.geometry.clusterBits();
        long first = mapping.host() >>> bits;
        if (state.reserved.containsAny(first, (mapping.host() + mapping.length() - 1 >>> bits) - first + 1)) {
            throw new CorruptImageException(name(), mapping.host(), "the disk's content at %#x would be written over bookkeeping".formatted(offset));
        }
    }

    @Override
    public int compressionUnit() {
        return state.header.geometry.clusterSize();
    }

    @Override
    public Packed pack(ByteBuffer unit) {
        byte[] cluster = new byte[compressionUnit()];
        unit.slice().get(cluster, 0, unit.remaining());
        return new Packed(ByteBuffer.wrap(cluster, 0, unit.remaining()), state.header.codec.pack(cluster));
    }

    @Override
    public void writePacked(long offset, Packed packed) throws IOException {
        BlockImage.checkChange(this, offset, packed.content().remaining());
        alone(() -> {
            state.writer.writePacked(offset, packed);
            return null;
        });
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        BlockImage.checkChange(this, offset, length);
        Geometry geometry = state.header.geometry;
        long from = geometry.clusters(offset) << geometry.clusterBits();
        long end = offset + length == size() ? geometry.clusters(size()) << geometry.clusterBits() : geometry.clusterStart(offset + length);
        if (from < end) {
            alone(() -> {
                state.writer.discard(from, end);
                return null;
            });
        }
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        BlockImage.checkChange(this, offset, length);
        Geometry geometry = state.header.geometry;
        long end = offset + length;
        long from = Math.min(geometry.clusters(offset) << geometry.clusterBits(), end);
        long to = end == size() ? geometry.clusters(end) << geometry.clusterBits() : Math.max(from, geometry.clusterStart(end));
        writeZeroBytes(offset, from);
        if (from < to && !alone(() -> state.writer.zero(from, to, release))) {
            writeZeroBytes(from, Math.min(to, end));
        }
        writeZeroBytes(to, end);
    }

    private void writeZeroBytes(long from, long to) throws IOException {
        for (long at = from; at < to;) {
            Extent extent = extent(at, to - at);
            if (!extent.zero()) {
                ByteBuffer zeroes = ByteBuffer.allocateDirect((int) Math.min(extent.length(), 1 << 20));
                write(at, zeroes);
                at += zeroes.capacity();
            } else {
                at = extent.end();
            }
        }
    }

    @Override
    public Extent extent(long offset, long length) throws IOException {
        BlockImage.checkRange(this, offset, length);
        return shared(() -> {
            Mapping mapping = state.map.at(offset, length);
            return switch (mapping.kind()) {
                case DATA -> Extent.data(offset, mapping.length(), mapping.host());
                case COMPRESSED -> Extent.compressed(offset, mapping.length());
                case ZERO, ZERO_PLACED -> Extent.zero(offset, mapping.length());
                case UNALLOCATED -> backingExtent(offset, mapping.length());
            };
        });
    }

    private Extent backingExtent(long offset, long length) throws IOException {
        if (backing == null || offset >= backing.size()) {
            return Extent.absent(offset, length);
        }
        return backing.extent(offset, Math.min(length, backing.size() - offset)).below();
    }

    @Override
    public void flush() throws IOException {
        if (isReadOnly()) {
            return;
        }
        store.flush(); // most of it, while others change tables
        tables.lock();
        try {
            if (state.metadata.hasChanges()) {
                state.metadata.write(false);
                alone(() -> {
                    state.metadata.release();
                    return null;
                });
            }
        } finally {
            tables.unlock();
        }
    }

    @Override
    public void resize(long size) throws IOException {
        BlockImage.checkChange(this, 0, 0);
        if (size < 0 || size % 512 != 0) {
            throw new StorageException(name(), "a disk's size is a multiple of 512 bytes, which %d is not".formatted(size));
        }
        long old = alone(() -> {
            if (state.header.snapshots > 0 && state.header.version == 2) {
                throw new StorageException(name(), "it has snapshots, which in qcow2 of version 2 do not know their size; delete them first");
            }
            long before = size();
            state.writer.resize(size);
            return before;
        });
        // What lies beyond the old end, in its cluster or in the backing image, was never the disk's.
        if (old < size) {
            writeZeroes(old, size - old, true);
        }
    }

    @Override
    public ImageInfo info() throws IOException {
        return shared(() -> Qcow2Info.of(store, state.header, snapshots().list()));
    }

    @Override
    public Snapshots snapshots() {
        return new Qcow2Snapshots(store, new Qcow2Snapshots.File() {
            @Override
            public <T> T change(Qcow2Snapshots.Change<T> change) throws IOException {
                return changeAll(change);
            }

            @Override
            public DiskImage view(Qcow2Header header) throws IOException {
                return new Qcow2Image(new View(store), header, backing, false);
            }

            @Override
            public Qcow2Header header() {
                return state.header;
            }
        }, Clock.systemUTC());
    }

    @Override
    public CheckReport check(Repair repair) throws IOException {
        return isReadOnly() && repair == Repair.NONE
                ? shared(() -> Checker.of(store, state.header).check(repair))
                : changeAll(header -> Checker.of(store, header).check(repair));
    }

    /** Has the bookkeeping changed as a whole, which then is in the file, and reads it again. */
    private <T> T changeAll(Qcow2Snapshots.Change<T> change) throws IOException {
        BlockImage.checkChange(this, 0, 0);
        return alone(() -> {
            state.metadata.finish();
            try {
                return change.apply(Qcow2Header.read(store));
            } finally {
                load(Qcow2Header.read(store));
            }
        });
    }

    @Override
    public void empty() throws IOException {
        BlockImage.checkChange(this, 0, 0);
        alone(() -> {
            state.writer.empty();
            return null;
        });
    }

    /** Gives every cluster a place. @param written whether the space is taken from the host's disk as well */
    void preallocate(boolean written) throws IOException {
        alone(() -> {
            state.writer.preallocate(written);
            state.metadata.finish();
            return null;
        });
    }

    @Override
    public void freeze() throws IOException {
        if (isReadOnly()) {
            return;
        }
        alone(() -> {
            state.metadata.finish();
            store.freeze();
            load(Qcow2Header.read(store));
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        try {
            if (!isReadOnly()) {
                state.metadata.finish();
            }
        } finally {
            try {
                store.close();
            } finally {
                if (backing != null && ownsBacking) {
                    backing.close();
                }
            }
        }
    }
}
