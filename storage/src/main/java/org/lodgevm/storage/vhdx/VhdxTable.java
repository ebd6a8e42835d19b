package org.lodgevm.storage.vhdx;

import java.io.IOException;
import java.nio.ByteOrder;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.blocks.BlockTable;
import org.lodgevm.storage.blocks.StoredTable;

/**
 * The block table: of each block its state and its place.
 *
 * @vhdx 2.5
 */
final class VhdxTable implements BlockTable {
    static final int NOT_PRESENT = 0;
    private static final int UNDEFINED = 1;
    private static final int ZEROES = 2;
    private static final int UNMAPPED = 3;
    static final int PRESENT = 6;
    private static final int STATE = 7;
    private static final long PLACE = -1L << 20;
    static final int MIB = 1 << 20;

    private final ByteStore store;
    private final VhdxHeader header;
    private final VhdxMetadata metadata;
    private final StoredTable entries;
    private long end;

    VhdxTable(ByteStore store, VhdxHeader header, VhdxMetadata metadata) throws IOException {
        this.store = store;
        this.header = header;
        this.metadata = metadata;
        this.entries = new StoredTable(store, metadata.table(), metadata.tableLength() / Long.BYTES, Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int blockSize() {
        return metadata.blockSize();
    }

    private long index(long block) {
        return block + block / metadata.chunkRatio();
    }

    @Override
    public long place(long block) throws IOException {
        long entry = entries.get(index(block));
        return switch ((int) entry & STATE) {
            case NOT_PRESENT -> ABSENT;
            case UNDEFINED, ZEROES, UNMAPPED -> ZERO;
            case PRESENT -> present(block, entry & PLACE);
            default -> throw new CorruptImageException(
                    store.name(), entries.offsetOf(index(block)), "block %d is in state %d, which only differencing images have".formatted(block, entry & STATE));
        };
    }

    private long present(long block, long place) throws CorruptImageException {
        if (place < MIB) {
            throw new CorruptImageException(store.name(), entries.offsetOf(index(block)), "block %d is said to be at %#x".formatted(block, place));
        }
        return place;
    }

    @Override
    public void announce() throws IOException {
        header.renewed().write(store);
        end = store.size() + MIB - 1 & -MIB;
    }

    @Override
    public long allocate() {
        long place = end;
        end += metadata.blockSize();
        return place;
    }

    @Override
    public void refer(long block, long place) throws IOException {
        entries.put(index(block), place | PRESENT);
    }

    @Override
    public boolean makeZero(long block) throws IOException {
        if (!metadata.fixed()) {
            entries.put(index(block), ZEROES);
        }
        return !metadata.fixed();
    }

    @Override
    public boolean hasChanges() {
        return entries.hasChanges();
    }

    @Override
    public boolean isCrowded() {
        return entries.isCrowded();
    }

    @Override
    public void write() throws IOException {
        entries.write();
    }
}
