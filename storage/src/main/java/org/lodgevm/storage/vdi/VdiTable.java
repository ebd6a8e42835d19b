package org.lodgevm.storage.vdi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.blocks.BlockTable;
import org.lodgevm.storage.blocks.StoredTable;

/** The table of a VDI: the number of a block in the file for each of the disk. */
final class VdiTable implements BlockTable {
    static final int UNALLOCATED = -1;
    private static final long NOT_ALLOCATED = 0xffff_ffffL;
    private static final long DISCARDED = 0xffff_fffeL;
    private static final long LARGEST = 0xffff_fff0L;

    private final ByteStore store;
    private final StoredTable table;
    private final long data;
    private final int blockSize;
    /** How many blocks refer to a place, and one more than the last place that is taken. */
    private long allocated;
    private long next;

    VdiTable(ByteStore store, StoredTable table, long data, int blockSize) {
        this.store = store;
        this.table = table;
        this.data = data;
        this.blockSize = blockSize;
    }

    @Override
    public int blockSize() {
        return blockSize;
    }

    @Override
    public long place(long block) throws IOException {
        long entry = table.get(block);
        return entry == NOT_ALLOCATED ? ABSENT : entry == DISCARDED ? ZERO : data + entry * blockSize;
    }

    /** What the header says of blocks in use is not relied on. */
    @Override
    public void announce() throws IOException {
        for (long block = 0; block < table.entries(); block++) {
            long entry = table.get(block);
            if (entry < DISCARDED) {
                allocated++;
                next = Math.max(next, entry + 1);
            }
        }
    }

    @Override
    public long allocate() throws IOException {
        if (next >= LARGEST || data + next * blockSize > store.size()) {
            throw new StorageException(store.name(), data, "a block is beyond the end of the file, so that there is no place for another one");
        }
        return data + next++ * blockSize;
    }

    @Override
    public void refer(long block, long place) throws IOException {
        table.put(block, (place - data) / blockSize);
        allocated++;
    }

    @Override
    public boolean makeZero(long block) throws IOException {
        if (place(block) >= 0) {
            allocated--;
        }
        table.put(block, DISCARDED);
        return true;
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
        ByteBuffer count = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, (int) allocated);
        store.write(VdiFormat.AT_ALLOCATED, count);
    }
}
