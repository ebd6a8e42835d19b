package org.lodgevm.storage.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.UnsupportedImageException;

/**
 * The header of a hosted sparse extent. Everything is counted in sectors of 512 bytes.
 *
 * @param capacity of the extent
 * @param grain the unit that is allocated
 * @param entriesPerTable how many grains a grain table has
 * @param redundantDirectory a second copy of the tables, or 0
 * @param overhead how much is before the first grain
 * @vmdk "Hosted Sparse Extent Header"
 */
record SparseHeader(
        int version,
        int flags,
        long capacity,
        long grain,
        long descriptor,
        long descriptorLength,
        int entriesPerTable,
        long redundantDirectory,
        long directory,
        long overhead,
        int compression) {
    static final int MAGIC = 'K' | 'D' << 8 | 'M' << 16 | 'V' << 24;
    static final int LENGTH = 512;
    static final int SECTOR = 512;

    static final int NEWLINES_CAN_BE_TESTED = 1;
    static final int REDUNDANT_TABLE = 1 << 1;
    static final int ZEROED_GRAINS = 1 << 2;
    static final int COMPRESSED = 1 << 16;
    static final int MARKERS = 1 << 17;
    static final int DEFLATE = 1;
    /** Instead of the directory's place: that is in a footer. */
    static final long AT_THE_END = -1;

    private static final int NEWEST = 3;
    private static final int MOST_ENTRIES = 512;
    private static final int LARGEST_GRAIN = 1 << 15;
    private static final long MOST_CAPACITY = 1L << 53;
    private static final int NEWLINES_AT = 73;
    private static final byte[] NEWLINES = {'\n', ' ', '\r', '\n'};

    static SparseHeader read(ByteStore store, long offset) throws IOException {
        check(offset >= 0 && offset <= store.size() - LENGTH, store, offset, "the file ends before the header of its sparse extent");
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        store.read(offset, bytes);
        bytes.flip();
        check(bytes.getInt() == MAGIC, store, offset, "there is no header of a sparse VMDK extent");
        SparseHeader header = new SparseHeader(
                bytes.getInt(), bytes.getInt(), bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getInt(), bytes.getLong(),
                bytes.getLong(), bytes.getLong(), bytes.getShort(77) & 0xffff);
        header.check(store, offset);
        return header;
    }

    private void check(ByteStore store, long offset) throws IOException {
        if (version < 1 || version > NEWEST) {
            throw new UnsupportedImageException(store.name(), "it is a VMDK of version %d; there are 1 to %d".formatted(Integer.toUnsignedLong(version), NEWEST));
        }
        check(capacity >= 0 && capacity <= MOST_CAPACITY, store, offset, "a capacity of %s sectors".formatted(Long.toUnsignedString(capacity)));
        check(grain >= 1 && grain <= LARGEST_GRAIN && Long.bitCount(grain) == 1, store, offset, "grains of %s sectors".formatted(Long.toUnsignedString(grain)));
        check(entriesPerTable >= 1 && entriesPerTable <= MOST_ENTRIES, store, offset, "grain tables of %d entries".formatted(Integer.toUnsignedLong(entriesPerTable)));
        if (compression > DEFLATE || isCompressed() && compression != DEFLATE) {
            throw new UnsupportedImageException(store.name(), "it is compressed in the unknown way " + compression);
        }
    }

    private static void check(boolean sound, ByteStore store, long offset, String problem) throws CorruptImageException {
        if (!sound) {
            throw new CorruptImageException(store.name(), offset, problem);
        }
    }

    boolean isCompressed() {
        return (flags & COMPRESSED) != 0;
    }

    boolean hasMarkers() {
        return (flags & MARKERS) != 0;
    }

    boolean hasZeroedGrains() {
        return (flags & ZEROED_GRAINS) != 0;
    }

    boolean hasRedundantTable() {
        return (flags & REDUNDANT_TABLE) != 0 && redundantDirectory > 0;
    }

    int grainLength() {
        return (int) grain * SECTOR;
    }

    /** How many grain tables there are. */
    long tables() {
        long grains = (capacity + grain - 1) / grain;
        return (grains + entriesPerTable - 1) / entriesPerTable;
    }

    SparseHeader withDirectory(long place) {
        return new SparseHeader(version, flags, capacity, grain, descriptor, descriptorLength, entriesPerTable, redundantDirectory, place, overhead, compression);
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC).putInt(version).putInt(flags).putLong(capacity).putLong(grain).putLong(descriptor).putLong(descriptorLength);
        bytes.putInt(entriesPerTable).putLong(redundantDirectory).putLong(directory).putLong(overhead);
        bytes.put(NEWLINES_AT, NEWLINES).putShort(77, (short) compression);
        return bytes.clear();
    }
}
