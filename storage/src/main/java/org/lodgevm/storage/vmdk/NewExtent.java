package org.lodgevm.storage.vmdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.storage.ByteStore;

/** Lays out empty extents: header, descriptor, and where grains can be written at once, both copies of all tables. */
final class NewExtent {
    private static final int SECTOR = SparseHeader.SECTOR;
    private static final int GRAIN = 128;
    private static final int ENTRIES = 512;
    private static final int TABLE_SECTORS = ENTRIES * Integer.BYTES / SECTOR;
    private static final int DESCRIPTOR = 1;
    private static final int DESCRIPTOR_LENGTH = 20;
    private static final int FLAGS = SparseHeader.NEWLINES_CAN_BE_TESTED | SparseHeader.REDUNDANT_TABLE;
    private static final int STREAM_FLAGS = SparseHeader.NEWLINES_CAN_BE_TESTED | SparseHeader.COMPRESSED | SparseHeader.MARKERS;

    private NewExtent() {}

    static void stream(ByteStore store, long sectors, String adapter, String name) throws IOException {
        SparseHeader header = new SparseHeader(
                3, STREAM_FLAGS, roundUp(sectors, GRAIN), GRAIN, DESCRIPTOR, DESCRIPTOR_LENGTH, ENTRIES, 0, SparseHeader.AT_THE_END, GRAIN, SparseHeader.DEFLATE);
        write(store, header, VmdkDescriptor.text("streamOptimized", adapter, new VmdkDescriptor.Extent(header.capacity(), "SPARSE", name, 0)));
    }

    static void sparse(ByteStore store, long sectors, String adapter, String name, boolean zeroedGrains) throws IOException {
        long tables = (roundUp(sectors, GRAIN) / GRAIN + ENTRIES - 1) / ENTRIES;
        long directorySectors = roundUp(tables * Integer.BYTES, SECTOR) / SECTOR;
        long copy = directorySectors + tables * TABLE_SECTORS;
        long redundant = DESCRIPTOR + DESCRIPTOR_LENGTH;
        long overhead = roundUp(redundant + 2 * copy, GRAIN);
        if (overhead > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a disk of %d sectors is too large for vmdk".formatted(sectors));
        }
        SparseHeader header = new SparseHeader(
                zeroedGrains ? 2 : 1, FLAGS | (zeroedGrains ? SparseHeader.ZEROED_GRAINS : 0), sectors, GRAIN, DESCRIPTOR, DESCRIPTOR_LENGTH, ENTRIES,
                redundant, redundant + copy, overhead, 0);
        write(store, header, VmdkDescriptor.text("monolithicSparse", adapter, new VmdkDescriptor.Extent(sectors, "SPARSE", name, 0)));
        writeDirectory(store, redundant, directorySectors, tables);
        writeDirectory(store, redundant + copy, directorySectors, tables);
    }

    private static void writeDirectory(ByteStore store, long place, long directorySectors, long tables) throws IOException {
        ByteBuffer directory = ByteBuffer.allocate((int) (directorySectors * SECTOR)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < tables; i++) {
            directory.putInt((int) (place + directorySectors + (long) i * TABLE_SECTORS));
        }
        store.write(place * SECTOR, directory.clear());
    }

    private static void write(ByteStore store, SparseHeader header, String descriptor) throws IOException {
        store.resize(header.overhead() * SECTOR);
        store.write(DESCRIPTOR * SECTOR, UTF_8.encode(descriptor));
        store.write(0, header.encode());
    }

    private static long roundUp(long number, long unit) {
        return (number + unit - 1) / unit * unit;
    }
}
