package org.lodgevm.storage.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.blocks.BlockTable;
import org.lodgevm.storage.blocks.StoredTable;

/**
 * The table of a dynamic VHD: the sector at which a block's bitmap begins, followed by the block. All bits are set, as others
 * than those of differencing images carry no news.
 *
 * @vhd "Block Allocation Table and Data Blocks"
 */
final class VhdTable implements BlockTable {
    private static final long UNUSED = 0xffff_ffffL;
    private static final int SECTOR = 512;

    private final ByteStore store;
    private final StoredTable table;
    private final int blockSize;
    private final int bitmapLength;
    private final ByteBuffer footer;
    /** Where the last block ends, and the footer is. */
    private long end;

    VhdTable(ByteStore store, StoredTable table, int blockSize, ByteBuffer footer) {
        this.store = store;
        this.table = table;
        this.blockSize = blockSize;
        this.bitmapLength = blockSize / SECTOR / Byte.SIZE + SECTOR - 1 & -SECTOR;
        this.footer = footer;
    }

    @Override
    public int blockSize() {
        return blockSize;
    }

    @Override
    public long place(long block) throws IOException {
        long sector = table.get(block);
        return sector == UNUSED ? ABSENT : sector * SECTOR + bitmapLength;
    }

    @Override
    public void announce() throws IOException {
        end = table.offsetOf(table.entries()) + SECTOR - 1 & -SECTOR;
        for (long block = 0; block < table.entries(); block++) {
            long place = place(block);
            if (place >= 0) {
                if (place >= store.size()) {
                    throw new CorruptImageException(store.name(), place, "block %d of the disk is beyond the end of the file".formatted(block));
                }
                end = Math.max(end, place + blockSize);
            }
        }
    }

    /** The footer moves first: where it was the block will be. */
    @Override
    public long allocate() throws IOException {
        long begin = end;
        if (begin / SECTOR >= UNUSED) {
            throw new StorageException(store.name(), begin, "a table of 32 bits cannot refer to what is so far behind");
        }
        store.write(begin + bitmapLength + blockSize, footer.slice());
        ByteBuffer bitmap = ByteBuffer.allocate(bitmapLength);
        for (int i = 0; i < blockSize / SECTOR / Byte.SIZE; i++) {
            bitmap.put(i, (byte) -1);
        }
        store.write(begin, bitmap);
        end = begin + bitmapLength + blockSize;
        return begin + bitmapLength;
    }

    @Override
    public void refer(long block, long place) throws IOException {
        table.put(block, (place - bitmapLength) / SECTOR);
    }

    @Override
    public boolean hasChanges() {
        return table.hasChanges();
    }

    @Override
    public boolean isCrowded() {
        return table.isCrowded();
    }

    @Override
    public void write() throws IOException {
        table.write();
    }
}
