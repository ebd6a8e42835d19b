package org.lodgevm.storage.vhd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Surroundings;
import org.lodgevm.storage.UnsupportedImageException;
import org.lodgevm.storage.blocks.BlockTableImage;
import org.lodgevm.storage.blocks.FixedTable;
import org.lodgevm.storage.blocks.StoredTable;

/**
 * The format {@code vpc}.
 *
 * @vhd "Dynamic Disk Header Format"
 */
public final class VhdFormat implements ImageFormat {
    private static final byte[] COOKIE = "cxsparse".getBytes(US_ASCII);
    private static final int HEADER_LENGTH = 1024;
    private static final int AT_DATA_OFFSET = 8;
    private static final int AT_TABLE = 16;
    private static final int AT_VERSION = 24;
    private static final int AT_ENTRIES = 28;
    private static final int AT_BLOCK_SIZE = 32;
    private static final int AT_CHECKSUM = 36;
    private static final int VERSION_1 = 0x0001_0000;
    private static final int BLOCK_SIZE = 2 << 20;
    private static final int LARGEST_BLOCK = 1 << 28;
    private static final int SECTOR = 512;
    /** A table refers to sectors by 32 bits. */
    private static final long LARGEST_DISK = 2040L << 30;

    @Override
    public String name() {
        return "vpc";
    }

    /** Only a dynamic one: a disk that a guest writes to could imitate the footer of a fixed one. */
    @Override
    public boolean recognises(ByteBuffer head, ByteStore store) {
        return head.remaining() >= VhdFooter.LENGTH && new VhdFooter(head).isOne();
    }

    @Override
    public DiskImage open(ByteStore store, Surroundings surroundings) throws IOException {
        long end = store.size() - VhdFooter.LENGTH;
        check(end >= 0, store, 0, "it is too short for a VHD");
        ByteBuffer begin = ByteBuffer.allocate(VhdFooter.LENGTH);
        store.read(0, begin);
        boolean copied = new VhdFooter(begin.clear()).isOne();
        VhdFooter footer = VhdFooter.read(store, copied ? 0 : end);
        long size = footer.size();
        check(size >= 0 && size % SECTOR == 0, store, 0, "a disk of %d bytes".formatted(size));
        return switch (footer.type()) {
            case VhdFooter.FIXED -> openFixed(store, size, end);
            case VhdFooter.DYNAMIC -> openDynamic(store, footer, size);
            default -> throw new UnsupportedImageException(store.name(), "it is a VHD of type %d; Lodge reads fixed and dynamic ones".formatted(footer.type()));
        };
    }

    private static void check(boolean sound, ByteStore store, long offset, String problem) throws CorruptImageException {
        if (!sound) {
            throw new CorruptImageException(store.name(), offset, problem);
        }
    }

    private DiskImage openFixed(ByteStore store, long size, long end) throws IOException {
        check(size <= end, store, end, "a disk of %d bytes in a file with %d".formatted(size, end));
        return new BlockTableImage(name(), store, new FixedTable(0), size, null, Map.of("subformat", "fixed"));
    }

    private DiskImage openDynamic(ByteStore store, VhdFooter footer, long size) throws IOException {
        long at = footer.headerOffset();
        check(at >= 0 && at <= store.size() - HEADER_LENGTH, store, 0, "the header at %#x is not inside of the file".formatted(at));
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH);
        store.read(at, header);
        check(header.slice(0, COOKIE.length).equals(ByteBuffer.wrap(COOKIE)), store, at, "there is no header of a dynamic VHD");
        check(VhdFooter.checksum(header, HEADER_LENGTH, AT_CHECKSUM) == header.getInt(AT_CHECKSUM), store, at, "the header's checksum is wrong");
        int blockSize = header.getInt(AT_BLOCK_SIZE);
        check(Integer.bitCount(blockSize) == 1 && blockSize >= SECTOR && blockSize <= LARGEST_BLOCK, store, at + AT_BLOCK_SIZE, "blocks of %d bytes".formatted(blockSize));
        long entries = header.getInt(AT_ENTRIES) & 0xffff_ffffL;
        check(size <= entries * blockSize, store, at + AT_ENTRIES, "a disk of %d bytes does not fit into %d blocks".formatted(size, entries));
        StoredTable table = new StoredTable(store, header.getLong(AT_TABLE), entries, Integer.BYTES, ByteOrder.BIG_ENDIAN);
        return new BlockTableImage(name(), store, new VhdTable(store, table, blockSize, footer.bytes()), size, null, Map.of("subformat", "dynamic"));
    }

    @Override
    public void create(ByteStore store, long size, CreateOptions options, Surroundings surroundings) throws IOException {
        options.allow(name(), "subformat", "force_size"); // sizes are always kept exactly
        long rounded = size + SECTOR - 1 & -SECTOR;
        if (rounded > LARGEST_DISK) {
            throw new IllegalArgumentException("a disk of %d bytes is too large for vpc, which ends at 2040 GiB".formatted(size));
        }
        if (options.word("subformat", "dynamic", "fixed").equals("fixed")) {
            store.resize(rounded);
            store.write(rounded, VhdFooter.of(rounded, VhdFooter.FIXED).bytes());
        } else {
            createDynamic(store, rounded);
        }
        store.flush();
    }

    private static void createDynamic(ByteStore store, long size) throws IOException {
        int entries = (int) ((size + BLOCK_SIZE - 1) / BLOCK_SIZE);
        long tableAt = VhdFooter.LENGTH + HEADER_LENGTH;
        int tableLength = Math.max(1, entries) * Integer.BYTES + SECTOR - 1 & -SECTOR;
        ByteBuffer table = ByteBuffer.allocate(tableLength);
        while (table.hasRemaining()) {
            table.put((byte) -1);
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH);
        header.put(0, COOKIE).putLong(AT_DATA_OFFSET, -1).putLong(AT_TABLE, tableAt).putInt(AT_VERSION, VERSION_1);
        header.putInt(AT_ENTRIES, entries).putInt(AT_BLOCK_SIZE, BLOCK_SIZE);
        header.putInt(AT_CHECKSUM, VhdFooter.checksum(header, HEADER_LENGTH, AT_CHECKSUM));
        ByteBuffer footer = VhdFooter.of(size, VhdFooter.DYNAMIC).bytes();
        store.write(tableAt, table.clear());
        store.write(tableAt + tableLength, footer.slice());
        store.write(VhdFooter.LENGTH, header);
        store.write(0, footer.slice());
    }
}
