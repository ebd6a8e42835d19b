package org.lodgevm.storage.vhdx;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Surroundings;
import org.lodgevm.storage.blocks.BlockTableImage;

/** The format {@code vhdx}. */
public final class VhdxFormat implements ImageFormat {
    private static final String SIGNATURE = "vhdxfile";
    private static final int MIB = VhdxTable.MIB;
    private static final long LOG = MIB;
    private static final long METADATA = 2L * MIB;
    private static final long BLOCK_TABLE = 3L * MIB;
    private static final int ITEMS = 64 << 10;
    private static final int LOGICAL_SECTOR = 512;
    private static final int PHYSICAL_SECTOR = 4096;

    @Override
    public String name() {
        return "vhdx";
    }

    @Override
    public boolean recognises(ByteBuffer head, ByteStore store) {
        return Structures.hasSignature(head.slice(), SIGNATURE);
    }

    @Override
    public DiskImage open(ByteStore store, Surroundings surroundings) throws IOException {
        if (!Structures.hasSignature(Structures.read(store, 0, SIGNATURE.length()), SIGNATURE)) {
            throw new CorruptImageException(store.name(), 0, "it does not begin as a VHDX");
        }
        VhdxHeader header = VhdxLog.replay(store, VhdxHeader.read(store));
        VhdxMetadata metadata = VhdxMetadata.read(store);
        long last = metadata.blocks() == 0 ? 0 : metadata.blocks() + (metadata.blocks() - 1) / metadata.chunkRatio();
        if (last * Long.BYTES > metadata.tableLength()) {
            throw new CorruptImageException(store.name(), metadata.table(), "the block table is too short for a disk of %d bytes".formatted(metadata.diskSize()));
        }
        Map<String, Object> details = Map.of("subformat", metadata.fixed() ? "fixed" : "dynamic", "sector-size", metadata.sectorSize());
        return new BlockTableImage(name(), store, new VhdxTable(store, header, metadata), metadata.diskSize(), null, details);
    }

    @Override
    public void create(ByteStore store, long size, CreateOptions options, Surroundings surroundings) throws IOException {
        options.allow(name(), "subformat", "block_size", "log_size");
        boolean fixed = options.word("subformat", "dynamic", "fixed").equals("fixed");
        long rounded = size + LOGICAL_SECTOR - 1 & -LOGICAL_SECTOR;
        long blockSize = options.size("block_size", 0);
        blockSize = blockSize == 0 ? usualBlockSize(rounded) : blockSize;
        long logLength = options.size("log_size", MIB);
        if (Long.bitCount(blockSize) != 1 || blockSize < MIB || blockSize > 256L * MIB) {
            throw new IllegalArgumentException("the option block_size is a power of two from 1M to 256M");
        }
        if (logLength != MIB) {
            throw new IllegalArgumentException("the option log_size is 1M: Lodge writes no log");
        }
        if (rounded > 64L << 40) {
            throw new IllegalArgumentException("a disk of %d bytes is too large for vhdx, which ends at 64 TiB".formatted(size));
        }
        layOut(store, rounded, (int) blockSize, fixed);
    }

    private static long usualBlockSize(long size) {
        return size > 1L << 40 ? 64L * MIB : size > 100L << 30 ? 32L * MIB : size > 32L << 30 ? 16L * MIB : 8L * MIB;
    }

    private static void layOut(ByteStore store, long size, int blockSize, boolean fixed) throws IOException {
        long ratio = VhdxMetadata.chunkRatio(LOGICAL_SECTOR, blockSize);
        long blocks = (size + blockSize - 1) / blockSize;
        long tableLength = Math.max(1, (blocks + blocks / ratio + 1) * Long.BYTES) + MIB - 1 & -MIB;
        store.resize(BLOCK_TABLE + tableLength + (fixed ? blocks * blockSize : 0));
        if (fixed) {
            writeFixedTable(store, blocks, ratio, blockSize, BLOCK_TABLE + tableLength);
        }
        writeMetadata(store, size, blockSize, fixed);
        ByteBuffer regions = Structures.empty(VhdxMetadata.REGION_TABLE_LENGTH).putInt(8, 2);
        putRegion(regions, 0, VhdxMetadata.BLOCK_TABLE_REGION, BLOCK_TABLE, tableLength);
        putRegion(regions, 1, VhdxMetadata.METADATA_REGION, METADATA, MIB);
        Structures.sealed(regions, VhdxMetadata.REGIONS);
        for (long place : VhdxMetadata.REGION_TABLES) {
            store.write(place, regions.slice());
        }
        VhdxHeader.writeNew(store, MIB, LOG);
        ByteBuffer begin = Structures.empty(ITEMS);
        begin.put(0, SIGNATURE.getBytes(US_ASCII)).put(SIGNATURE.length(), "Lodge".getBytes(UTF_16LE));
        store.write(0, begin);
        store.flush();
    }

    private static void writeFixedTable(ByteStore store, long blocks, long ratio, int blockSize, long place) throws IOException {
        for (long block = 0; block < blocks; block++) {
            ByteBuffer entry = Structures.empty(Long.BYTES).putLong(0, place + block * blockSize | VhdxTable.PRESENT);
            store.write(BLOCK_TABLE + (block + block / ratio) * Long.BYTES, entry);
        }
    }

    private static void putRegion(ByteBuffer table, int number, UUID id, long offset, long length) {
        int at = VhdxMetadata.REGIONS_BEGIN + number * VhdxMetadata.ENTRY;
        Guid.put(table, at, id);
        table.putLong(at + 16, offset).putInt(at + 24, (int) length).putInt(at + 28, 1);
    }

    private static void writeMetadata(ByteStore store, long size, int blockSize, boolean fixed) throws IOException {
        ByteBuffer region = Structures.empty(ITEMS + VhdxHeader.LENGTH);
        region.put(0, VhdxMetadata.METADATA.getBytes(US_ASCII)).putShort(10, (short) 5);
        ByteBuffer id = Structures.empty(Guid.LENGTH);
        Guid.put(id, 0, UUID.randomUUID());
        UUID[] items = {
            VhdxMetadata.FILE_PARAMETERS, VhdxMetadata.DISK_SIZE, VhdxMetadata.DISK_ID, VhdxMetadata.LOGICAL_SECTOR, VhdxMetadata.PHYSICAL_SECTOR
        };
        ByteBuffer[] values = {
            Structures.empty(8).putInt(0, blockSize).putInt(4, fixed ? 1 : 0), Structures.empty(8).putLong(0, size), id,
            Structures.empty(4).putInt(0, LOGICAL_SECTOR), Structures.empty(4).putInt(0, PHYSICAL_SECTOR)
        };
        int offset = ITEMS;
        for (int i = 0; i < items.length; i++) {
            int at = VhdxMetadata.ITEMS_BEGIN + i * VhdxMetadata.ENTRY;
            boolean ofTheFile = i == 0; // all others are of the disk
            Guid.put(region, at, items[i]);
            region.putInt(at + 16, offset).putInt(at + 20, values[i].capacity()).putInt(at + 24, VhdxMetadata.REQUIRED | (ofTheFile ? 0 : 2));
            region.put(offset, values[i], 0, values[i].capacity());
            offset += values[i].capacity();
        }
        store.write(METADATA, region);
    }
}
