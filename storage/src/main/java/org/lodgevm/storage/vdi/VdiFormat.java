package org.lodgevm.storage.vdi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.UUID;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Surroundings;
import org.lodgevm.storage.UnsupportedImageException;
import org.lodgevm.storage.blocks.BlockTableImage;
import org.lodgevm.storage.blocks.StoredTable;

/** The format {@code vdi}. */
public final class VdiFormat implements ImageFormat {
    private static final String TEXT = "<<< Lodge VM Virtual Disk Image >>>\n";
    private static final int SIGNATURE = 0xbeda_107f;
    private static final int VERSION_1_1 = 0x0001_0001;
    private static final int DYNAMIC = 1;
    private static final int STATIC = 2;
    private static final int DIFFERENCING = 4;
    private static final int LENGTH = 512;
    private static final int HEADER_SIZE = 0x190;
    private static final int BLOCK_SIZE = 1 << 20;
    private static final int SECTOR = 512;
    private static final int LARGEST_BLOCK = 1 << 28;
    /** The data begins where a file system's pages do. */
    private static final int ALIGNMENT = 4096;

    /** Offsets of the fields. */
    private static final int AT_SIGNATURE = 0x40;
    private static final int AT_VERSION = 0x44;
    private static final int AT_HEADER_SIZE = 0x48;
    private static final int AT_TYPE = 0x4c;
    private static final int AT_TABLE = 0x154;
    private static final int AT_DATA = 0x158;
    private static final int AT_SECTOR_SIZE = 0x168;
    private static final int AT_DISK_SIZE = 0x170;
    private static final int AT_BLOCK_SIZE = 0x178;
    private static final int AT_BLOCK_EXTRA = 0x17c;
    private static final int AT_BLOCKS = 0x180;
    static final int AT_ALLOCATED = 0x184;
    private static final int AT_UUID = 0x188;
    private static final int AT_LAST_SNAPSHOT = 0x198;

    @Override
    public String name() {
        return "vdi";
    }

    @Override
    public boolean recognises(ByteBuffer head, ByteStore store) {
        return head.remaining() >= LENGTH && head.order(ByteOrder.LITTLE_ENDIAN).getInt(AT_SIGNATURE) == SIGNATURE;
    }

    @Override
    public DiskImage open(ByteStore store, Surroundings surroundings) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        store.read(0, header);
        check(header.getInt(AT_SIGNATURE) == SIGNATURE, store, AT_SIGNATURE, "it has no VDI header");
        int version = header.getInt(AT_VERSION);
        if (version != VERSION_1_1) {
            throw new UnsupportedImageException(store.name(), "it is VDI of version %d.%d, not 1.1".formatted(version >>> 16, version & 0xffff));
        }
        int type = header.getInt(AT_TYPE);
        if (type == DIFFERENCING) {
            throw new UnsupportedImageException(store.name(), "it is the difference to another image, which only VirtualBox can find; merge or clone it there");
        }
        check(type == DYNAMIC || type == STATIC, store, AT_TYPE, "an image of type %d".formatted(type));
        int blockSize = header.getInt(AT_BLOCK_SIZE);
        check(Integer.bitCount(blockSize) == 1 && blockSize >= SECTOR && blockSize <= LARGEST_BLOCK, store, AT_BLOCK_SIZE, "blocks of %d bytes".formatted(blockSize));
        check(header.getInt(AT_SECTOR_SIZE) == SECTOR, store, AT_SECTOR_SIZE, "sectors of %d bytes".formatted(header.getInt(AT_SECTOR_SIZE)));
        long blocks = header.getInt(AT_BLOCKS) & 0xffff_ffffL;
        long size = header.getLong(AT_DISK_SIZE);
        check(size >= 0 && size <= blocks * blockSize, store, AT_DISK_SIZE, "a disk of %d bytes does not fit into %d blocks".formatted(size, blocks));
        check(header.getInt(AT_BLOCK_EXTRA) == 0, store, AT_BLOCK_EXTRA, "blocks with %d bytes more".formatted(header.getInt(AT_BLOCK_EXTRA)));
        StoredTable table = new StoredTable(store, header.getInt(AT_TABLE) & 0xffff_ffffL, blocks, Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
        long data = header.getInt(AT_DATA) & 0xffff_ffffL;
        check(data >= table.offsetOf(blocks), store, AT_DATA, "content at %#x, inside of the table".formatted(data));
        Map<String, Object> details = Map.of("subformat", type == STATIC ? "static" : "dynamic");
        return new BlockTableImage(name(), store, new VdiTable(store, table, data, blockSize), size + SECTOR - 1 & -SECTOR, null, details);
    }

    private static void check(boolean sound, ByteStore store, long offset, String problem) throws CorruptImageException {
        if (!sound) {
            throw new CorruptImageException(store.name(), offset, problem);
        }
    }

    @Override
    public void create(ByteStore store, long size, CreateOptions options, Surroundings surroundings) throws IOException {
        options.allow(name(), "static");
        boolean fixed = options.flag("static", false);
        long blocks = (size + BLOCK_SIZE - 1) / BLOCK_SIZE;
        if (blocks >= Integer.MAX_VALUE / Integer.BYTES) {
            throw new IllegalArgumentException("a disk of %d bytes is too large for vdi".formatted(size));
        }
        int tableLength = (int) (blocks * Integer.BYTES + SECTOR - 1 & -SECTOR);
        int data = LENGTH + tableLength + ALIGNMENT - 1 & -ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        header.put(0, TEXT.getBytes(US_ASCII));
        header.putInt(AT_SIGNATURE, SIGNATURE).putInt(AT_VERSION, VERSION_1_1).putInt(AT_HEADER_SIZE, HEADER_SIZE);
        header.putInt(AT_TYPE, fixed ? STATIC : DYNAMIC).putInt(AT_TABLE, LENGTH).putInt(AT_DATA, data);
        header.putInt(AT_SECTOR_SIZE, SECTOR).putLong(AT_DISK_SIZE, size + SECTOR - 1 & -SECTOR).putInt(AT_BLOCK_SIZE, BLOCK_SIZE);
        header.putInt(AT_BLOCKS, (int) blocks).putInt(AT_ALLOCATED, fixed ? (int) blocks : 0);
        putUuid(header, AT_UUID);
        putUuid(header, AT_LAST_SNAPSHOT);
        ByteBuffer table = ByteBuffer.allocate(tableLength).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < blocks; i++) {
            table.putInt(fixed ? i : VdiTable.UNALLOCATED);
        }
        store.write(LENGTH, table.clear());
        store.resize(data + (fixed ? blocks * BLOCK_SIZE : 0));
        store.write(0, header);
        store.flush();
    }

    private static void putUuid(ByteBuffer header, int at) {
        UUID uuid = UUID.randomUUID();
        header.putLong(at, uuid.getMostSignificantBits()).putLong(at + Long.BYTES, uuid.getLeastSignificantBits());
    }
}
