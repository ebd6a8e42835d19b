package org.lodgevm.storage.vhdx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.UnsupportedImageException;

/**
 * What the region table and the metadata say.
 *
 * @param table where the block table is
 * @param fixed whether blocks stay allocated
 * @vhdx 2.2.3, 2.6
 */
record VhdxMetadata(long table, long tableLength, int blockSize, boolean fixed, long diskSize, int sectorSize) {
    static final long[] REGION_TABLES = {192 << 10, 256 << 10};
    static final int REGION_TABLE_LENGTH = 64 << 10;
    static final String REGIONS = "regi";
    static final String METADATA = "metadata";
    static final UUID BLOCK_TABLE_REGION = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
    static final UUID METADATA_REGION = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");
    static final UUID FILE_PARAMETERS = UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
    static final UUID DISK_SIZE = UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
    static final UUID DISK_ID = UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
    static final UUID LOGICAL_SECTOR = UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
    static final UUID PHYSICAL_SECTOR = UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");
    static final int ENTRY = 32;
    static final int REGIONS_BEGIN = 16;
    static final int ITEMS_BEGIN = 32;
    static final int REQUIRED = 4;
    private static final int REGION_REQUIRED = 1;
    private static final int ITEM_COUNT = 10;
    private static final int MOST_ENTRIES = 2047;
    private static final int LEAVE_ALLOCATED = 1;
    private static final int HAS_PARENT = 2;
    private static final int MIB = 1 << 20;
    private static final int LARGEST_BLOCK = 256 << 20;
    private static final long LARGEST_DISK = 64L << 40;
    private static final int MOST_METADATA = 1 << 20;

    /** A piece of the file. */
    private record Region(long offset, long length) {}

    static VhdxMetadata read(ByteStore store) throws IOException {
        ByteBuffer regions = regionTable(store);
        Region blockTable = region(store, regions, BLOCK_TABLE_REGION);
        Region metadata = region(store, regions, METADATA_REGION);
        ByteBuffer items = Structures.read(store, metadata.offset, (int) Math.min(MOST_METADATA, metadata.length));
        check(items.capacity() >= ITEMS_BEGIN && Structures.hasSignature(items, METADATA), store, metadata.offset, "there is no metadata");
        ByteBuffer parameters = item(store, items, metadata, FILE_PARAMETERS, 8);
        int blockSize = parameters.getInt(0);
        int flags = parameters.getInt(4);
        if ((flags & HAS_PARENT) != 0) {
            throw new UnsupportedImageException(store.name(), "it is the difference to another image, which Lodge does not do; merge it first");
        }
        check(Integer.bitCount(blockSize) == 1 && blockSize >= MIB && blockSize <= LARGEST_BLOCK, store, metadata.offset, "blocks of %d bytes".formatted(blockSize));
        long diskSize = item(store, items, metadata, DISK_SIZE, 8).getLong(0);
        int sector = item(store, items, metadata, LOGICAL_SECTOR, 4).getInt(0);
        check(sector == 512 || sector == 4096, store, metadata.offset, "sectors of %d bytes".formatted(sector));
        check(diskSize >= 0 && diskSize <= LARGEST_DISK && diskSize % sector == 0, store, metadata.offset, "a disk of %s bytes".formatted(Long.toUnsignedString(diskSize)));
        return new VhdxMetadata(blockTable.offset, blockTable.length, blockSize, (flags & LEAVE_ALLOCATED) != 0, diskSize, sector);
    }

    private static ByteBuffer regionTable(ByteStore store) throws IOException {
        for (long place : REGION_TABLES) {
            ByteBuffer table = Structures.read(store, place, REGION_TABLE_LENGTH);
            if (Structures.isSound(table, REGIONS)) {
                return table;
            }
        }
        throw new CorruptImageException(store.name(), REGION_TABLES[0], "neither of the two region tables is sound");
    }

    private static Region region(ByteStore store, ByteBuffer table, UUID wanted) throws IOException {
        int count = table.getInt(8);
        check(count >= 0 && count <= MOST_ENTRIES, store, REGION_TABLES[0], "%d regions".formatted(Integer.toUnsignedLong(count)));
        Region found = null;
        for (int i = 0; i < count; i++) {
            int at = REGIONS_BEGIN + i * ENTRY;
            UUID id = Guid.get(table, at);
            boolean required = (table.getInt(at + 28) & REGION_REQUIRED) != 0;
            if (id.equals(wanted)) {
                found = new Region(table.getLong(at + 16), table.getInt(at + 24) & 0xffff_ffffL);
            } else if (required && !id.equals(BLOCK_TABLE_REGION) && !id.equals(METADATA_REGION)) {
                throw new UnsupportedImageException(store.name(), "it needs a region %s, which Lodge does not know".formatted(id));
            }
        }
        check(found != null, store, REGION_TABLES[0], "there is no region %s".formatted(wanted));
        check(found.offset >= MIB && found.offset % MIB == 0 && found.offset <= store.size() - found.length, store, REGION_TABLES[0],
                "a region at %#x is not inside of the file".formatted(found.offset));
        return found;
    }

    private static ByteBuffer item(ByteStore store, ByteBuffer items, Region region, UUID wanted, int length) throws IOException {
        int count = items.getShort(ITEM_COUNT) & 0xffff;
        check(count <= MOST_ENTRIES && ITEMS_BEGIN + count * ENTRY <= items.capacity(), store, region.offset, "%d items of metadata".formatted(count));
        for (int i = 0; i < count; i++) {
            int at = ITEMS_BEGIN + i * ENTRY;
            if (Guid.get(items, at).equals(wanted)) {
                long offset = items.getInt(at + 16) & 0xffff_ffffL;
                check(offset <= items.capacity() - length && (items.getInt(at + 20) & 0xffff_ffffL) >= length, store, region.offset + at,
                        "an item of metadata at %#x is not inside of its region".formatted(offset));
                return items.slice((int) offset, length).order(items.order());
            }
        }
        throw new CorruptImageException(store.name(), region.offset, "the metadata has no item " + wanted);
    }

    private static void check(boolean sound, ByteStore store, long offset, String problem) throws CorruptImageException {
        if (!sound) {
            throw new CorruptImageException(store.name(), offset, problem);
        }
    }

    long blocks() {
        return (diskSize + blockSize - 1) / blockSize;
    }

    /** After so many entries for blocks there is one for a bitmap of sectors. @vhdx 2.5 */
    long chunkRatio() {
        return chunkRatio(sectorSize, blockSize);
    }

    static long chunkRatio(int sectorSize, int blockSize) {
        return ((long) sectorSize << 23) / blockSize;
    }
}
