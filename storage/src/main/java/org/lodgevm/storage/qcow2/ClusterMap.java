package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.StorageException;

/**
 * From offsets of the disk to places in the file. Looking up needs the image's lock shared, changing needs it exclusively.
 *
 * @qcow2 "Cluster mapping"
 */
final class ClusterMap {
    private static final int CACHE_BYTES = 16 << 20;

    private final ByteStore store;
    private final Qcow2Header header;
    private final Geometry geometry;
    private final LongSet reserved;
    private final TableCache tables;
    private long[] l1;
    private int changedFrom = Integer.MAX_VALUE;
    private int changedTo;
    /** Where L1 is, or will be once it is written. */
    private long l1Place;
    private boolean moved;

    /** @param reserved where bookkeeping is; the map adds its own. Null for an image that is only read */
    ClusterMap(ByteStore store, Qcow2Header header, LongSet reserved) throws IOException {
        this.store = store;
        this.header = header;
        this.geometry = header.geometry;
        this.reserved = reserved;
        this.tables = new TableCache(store, geometry.clusterSize(), CACHE_BYTES);
        this.l1 = readL1(store, header.l1Offset, header.l1Size);
        this.l1Place = header.l1Offset;
        if (reserved != null) {
            reserveTables();
        }
    }

    static long[] readL1(ByteStore store, long offset, int entries) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(entries * Long.BYTES);
        store.read(offset, bytes);
        long[] l1 = new long[entries];
        bytes.flip().asLongBuffer().get(l1);
        return l1;
    }

    private void reserveTables() throws IOException {
        long first = header.l1Offset >>> geometry.clusterBits();
        for (long i = 0; i < geometry.clusters((long) l1.length * Long.BYTES); i++) {
            reserveTable(first + i, true);
        }
        for (int i = 0; i < l1.length; i++) {
            long place = L2Entry.offset(l1[i]);
            if (place != 0 && geometry.isAligned(place)) {
                reserveTable(place >>> geometry.clusterBits(), L2Entry.isCopied(l1[i]));
            }
        }
    }

    private void reserveTable(long cluster, boolean alone) throws CorruptImageException {
        if (!reserved.add(cluster) && alone) {
            throw new CorruptImageException(
                    store.name(), cluster << geometry.clusterBits(), "a table is where other bookkeeping is; the image can be opened for reading");
        }
    }

    long[] l1() {
        return l1;
    }

    /** The L2 table for an offset, or null if there is none. */
    private TableCache.Table table(long offset) throws IOException {
        long index = geometry.l1Index(offset);
        long place = L2Entry.offset(l1[(int) index]);
        if (place == 0) {
            return null;
        }
        if (!geometry.isAligned(place) || L2Entry.hasReservedL1Bits(l1[(int) index])) {
            throw new CorruptImageException(
                    store.name(), header.l1Offset + index * Long.BYTES, "the L1 table has %#x, which refers to no L2 table".formatted(l1[(int) index]));
        }
        return tables.at(place);
    }

    /** What is at an offset, and as much of {@code length} as is alike. */
    Mapping at(long offset, long length) throws IOException {
        int unit = geometry.unitBits();
        long first = offset >>> unit;
        int perTable = geometry.l2Entries() << geometry.clusterBits() - unit;
        int index = (int) (first & perTable - 1);
        int last = (int) Math.min(perTable - 1L, index + ((offset & (1 << unit) - 1) + length - 1 >>> unit));
        TableCache.Table table = table(offset);
        if (table == null) {
            return sized(new Mapping(Mapping.Kind.UNALLOCATED, 0, 0, false, 0), offset, length, last - index + 1);
        }
        Mapping mapping = unit(table.entries, index);
        int count = 1;
        while (index + count <= last && mapping.kind() != Mapping.Kind.COMPRESSED) {
            Mapping next = unit(table.entries, index + count);
            boolean continues = next.kind() == mapping.kind()
                    && next.own() == mapping.own()
                    && (!mapping.kind().hasPlace() || next.host() == mapping.host() + ((long) count << unit));
            if (!continues) {
                break;
            }
            count++;
        }
        if (mapping.kind() == Mapping.Kind.COMPRESSED) {
            long rest = geometry.clusterSize() - geometry.inCluster(offset);
            return new Mapping(mapping.kind(), mapping.host(), Math.min(rest, length), false, mapping.entry());
        }
        return sized(mapping, offset, length, count);
    }

    /** The part of so many units that begins at an offset inside of the first one. */
    private Mapping sized(Mapping units, long offset, long length, int count) {
        long inUnit = offset & (1L << geometry.unitBits()) - 1;
        long available = ((long) count << geometry.unitBits()) - inUnit;
        return new Mapping(units.kind(), units.host() + inUnit, Math.min(length, available), units.own(), units.entry());
    }

    private Mapping unit(ByteBuffer entries, int index) throws CorruptImageException {
        if (!geometry.subclusters()) {
            long entry = entries.getLong(index * Long.BYTES);
            return mapping(entry, Mapping.Kind.of(entry), 0);
        }
        int cluster = index / Geometry.SUBCLUSTERS;
        int subcluster = index % Geometry.SUBCLUSTERS;
        long entry = entries.getLong(cluster * 2 * Long.BYTES);
        long bitmap = entries.getLong(cluster * 2 * Long.BYTES + Long.BYTES);
        return mapping(entry, subclusterKind(entry, bitmap, subcluster), (long) subcluster << geometry.unitBits());
    }

    /** @qcow2 "Extended L2 Entries" */
    private static Mapping.Kind subclusterKind(long entry, long bitmap, int subcluster) {
        if (L2Entry.isCompressed(entry)) {
            return Mapping.Kind.COMPRESSED;
        }
        boolean zero = (bitmap >>> Geometry.SUBCLUSTERS + subcluster & 1) != 0;
        boolean data = (bitmap >>> subcluster & 1) != 0;
        return zero ? Mapping.Kind.ZERO : data ? Mapping.Kind.DATA : Mapping.Kind.UNALLOCATED;
    }

    private Mapping mapping(long entry, Mapping.Kind kind, long inCluster) throws CorruptImageException {
        long host = kind == Mapping.Kind.COMPRESSED ? L2Entry.compressedOffset(geometry, entry) : L2Entry.offset(entry);
        if (kind != Mapping.Kind.COMPRESSED && (!geometry.isAligned(host) || L2Entry.hasReservedBits(entry))) {
            throw new CorruptImageException(store.name(), host, "an L2 table has %#x, which refers to no cluster".formatted(entry));
        }
        return new Mapping(kind, kind.hasPlace() ? host + inCluster : host, 0, L2Entry.isCopied(entry), entry);
    }

    /** The L2 table for an offset, ours alone: made or copied if it is not. */
    TableCache.Table ownTable(long offset, Allocator allocator) throws IOException {
        int index = (int) geometry.l1Index(offset);
        TableCache.Table old = table(offset);
        if (old != null && L2Entry.isCopied(l1[index])) {
            return old;
        }
        ByteBuffer entries = ByteBuffer.allocate(geometry.clusterSize());
        if (old != null) {
            entries.put(0, old.entries, 0, entries.capacity());
        }
        long cluster = allocator.allocate(1).first();
        reserved.add(cluster);
        long place = cluster << geometry.clusterBits();
        TableCache.Table table = tables.create(place, entries);
        l1[index] = place | L2Entry.COPIED;
        changedFrom = Math.min(changedFrom, index);
        changedTo = Math.max(changedTo, index + 1);
        if (old != null) {
            allocator.releaseLater(old.place >>> geometry.clusterBits(), 1);
        }
        return table;
    }

    /** Makes an entry refer to something else. */
    void set(TableCache.Table table, int index, long entry) {
        table.entries.putLong(index * Long.BYTES, entry);
        tables.changed(table, index * Long.BYTES, Long.BYTES);
    }

    /** Makes room for a larger disk. */
    void grow(int entries, Allocator allocator) throws IOException {
        if (entries <= l1.length) {
            return;
        }
        if ((long) entries * Long.BYTES > Qcow2Header.MAX_L1_BYTES) {
            throw new StorageException(store.name(), "the disk would need an L1 table larger than 32 MiB; convert it to one with larger clusters");
        }
        int clusters = (int) geometry.clusters((long) entries * Long.BYTES);
        long first = allocator.allocateTogether(clusters);
        for (int i = 0; i < clusters; i++) {
            reserved.add(first + i);
        }
        if (l1.length > 0) {
            allocator.releaseLater(l1Place >>> geometry.clusterBits(), (int) geometry.clusters((long) l1.length * Long.BYTES));
        }
        l1 = Arrays.copyOf(l1, entries);
        l1Place = first << geometry.clusterBits();
        moved = true;
    }

    void forget(long place) {
        tables.forget(place);
    }

    boolean hasChanges() {
        return tables.hasChanges() || moved || changedFrom < changedTo;
    }

    boolean isCrowded() {
        return tables.isCrowded();
    }

    /** Writes tables, then what leads to them. */
    void write() throws IOException {
        tables.write();
        if (!moved && changedFrom >= changedTo) {
            return;
        }
        store.flush();
        int from = moved ? 0 : changedFrom;
        int to = moved ? (int) (geometry.clusters((long) l1.length * Long.BYTES) << geometry.clusterBits()) / Long.BYTES : changedTo;
        ByteBuffer bytes = ByteBuffer.allocate((to - from) * Long.BYTES);
        bytes.asLongBuffer().put(l1, from, Math.min(to, l1.length) - from);
        store.write(l1Place + (long) from * Long.BYTES, bytes);
        changedFrom = Integer.MAX_VALUE;
        changedTo = 0;
        if (moved) {
            store.flush();
            header.l1Offset = l1Place;
            header.l1Size = l1.length;
            header.write(store);
            moved = false;
        }
    }
}
