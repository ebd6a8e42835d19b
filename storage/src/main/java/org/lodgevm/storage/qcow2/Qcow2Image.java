package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CheckReport;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.ImageInfo;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.Snapshots;
import org.lodgevm.storage.StorageException;

/** A disk in a qcow2 file. Who waits for whom is {@link Locks}' matter. */
final class Qcow2Image implements DiskImage {
    private final ByteStore store;
    private final DiskImage backing;
    private final boolean ownsBacking;
    private final Locks locks = new Locks();
    private volatile State state;

    /** What is known of a file; made anew when the file changes as a whole. Of one that is only read there is neither metadata nor a writer. */
    private record State(Qcow2Header header, Metadata metadata, ClusterMap map, DiskContent content, NewClusters fresh, ClusterWriter writer) {}

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
            ClusterMap map = new ClusterMap(store, header, null);
            state = new State(header, null, map, new DiskContent(store, header.geometry, map, compressed, backing, null), null, null);
        } else {
            LongSet reserved = new LongSet();
            Metadata metadata = new Metadata(store, header, reserved);
            DiskContent content = new DiskContent(store, header.geometry, metadata.map, compressed, backing, reserved);
            ClusterWriter writer = new ClusterWriter(store, header, metadata, compressed, backing != null);
            NewClusters fresh = new NewClusters(locks, content, store, header, metadata, writer::giveUp);
            state = new State(header, metadata, metadata.map, content, fresh, writer);
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
        locks.shared(() -> {
            state.content.read(offset, into);
            return null;
        });
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        BlockImage.checkChange(this, offset, from.remaining());
        if (!state.metadata.isAnnounced()) {
            locks.alone(() -> {
                state.metadata.announce();
                return null;
            });
        }
        long at = offset;
        while (from.hasRemaining()) {
            long place = at;
            int written = locks.shared(() -> state.content.writeInPlace(place, from));
            at += written > 0 ? written : locks.placing(() -> state.fresh.write(place, from));
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
        int length = packed.content().remaining();
        BlockImage.checkChange(this, offset, length);
        if (!state.header.geometry.isAligned(offset) || length != Math.min(compressionUnit(), size() - offset)) {
            throw new IllegalArgumentException("not a whole cluster: %d bytes at %d".formatted(length, offset));
        }
        if (packed.packed() == null) {
            write(offset, packed.content());
            return;
        }
        locks.settled(() -> {
            state.writer.writePacked(offset, packed.packed());
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
            locks.settled(() -> {
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
        if (from < to && !locks.settled(() -> state.writer.zero(from, to, release))) {
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
        return locks.shared(() -> {
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
        locks.unchanged(() -> {
            if (state.metadata.hasChanges()) {
                state.metadata.write(false);
                locks.alone(() -> {
                    state.metadata.release();
                    return null;
                });
            }
            return null;
        });
    }

    @Override
    public void resize(long size) throws IOException {
        BlockImage.checkChange(this, 0, 0);
        if (size < 0 || size % 512 != 0) {
            throw new StorageException(name(), "a disk's size is a multiple of 512 bytes, which %d is not".formatted(size));
        }
        long old = locks.settled(() -> {
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
        return locks.shared(() -> Qcow2Info.of(store, state.header, snapshots().list()));
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
                ? locks.shared(() -> Checker.of(store, state.header).check(repair))
                : changeAll(header -> Checker.of(store, header).check(repair));
    }

    /** Has the bookkeeping changed as a whole, which then is in the file, and reads it again. */
    private <T> T changeAll(Qcow2Snapshots.Change<T> change) throws IOException {
        BlockImage.checkChange(this, 0, 0);
        return locks.settled(() -> {
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
        locks.settled(() -> {
            state.writer.empty();
            return null;
        });
    }

    /** Gives every cluster a place. @param written whether the space is taken from the host's disk as well */
    void preallocate(boolean written) throws IOException {
        locks.settled(() -> {
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
        locks.settled(() -> {
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
                locks.settled(() -> {
                    state.metadata.finish();
                    return null;
                });
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
