package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.StorageException;

/**
 * Writes all reference counts anew, to clusters that nobody uses, itself counted with the others.
 *
 * @qcow2 "Host cluster management"
 */
record RefcountWriter(ByteStore store, Geometry geometry) {
    /** Where the table went. */
    record Place(long offset, int clusters) {}

    /**
     * Writes counts, and adds to them what is written.
     *
     * @param occupied clusters not to write to
     */
    Place write(ClusterCounts counts, ClusterCounts occupied) throws IOException {
        if (counts.end() / geometry.refcountsPerBlock() >= Qcow2Header.MAX_REFTABLE_BYTES / Long.BYTES) {
            throw new StorageException(store.name(), "the file is too large for a refcount table");
        }
        if (Integer.toUnsignedLong(counts.highest()) > geometry.refcountLimit() && geometry.refcountLimit() > 0) {
            throw new StorageException(
                    store.name(), "a cluster would be referred to %d times, more than %d bits can count".formatted(counts.highest(), geometry.refcountBits()));
        }
        int perBlock = geometry.refcountsPerBlock();
        // The table and the blocks lie together. How many there are depends on how far they reach.
        List<Integer> slots = List.of();
        long tableClusters = 1;
        long from = 0;
        while (true) {
            from = occupied.gap(1, tableClusters + slots.size());
            List<Integer> needed = slots(counts, from, from + tableClusters + slots.size(), perBlock);
            long tableNeeded = geometry.clusters((needed.getLast() + 1L) * Long.BYTES);
            if (needed.size() <= slots.size() && tableNeeded <= tableClusters) {
                slots = needed;
                break;
            }
            slots = needed;
            tableClusters = Math.max(tableClusters, tableNeeded);
        }
        if (tableClusters << geometry.clusterBits() > Qcow2Header.MAX_REFTABLE_BYTES) {
            throw new StorageException(store.name(), "the file is too large for its refcount table");
        }
        counts.addAll(from, tableClusters + slots.size());
        occupied.addAll(from, tableClusters + slots.size());
        writeBlocks(counts, from + tableClusters, slots);
        ByteBuffer table = ByteBuffer.allocate((int) tableClusters << geometry.clusterBits());
        for (int i = 0; i < slots.size(); i++) {
            table.putLong(slots.get(i) * Long.BYTES, from + tableClusters + i << geometry.clusterBits());
        }
        store.write(from << geometry.clusterBits(), table);
        return new Place(from << geometry.clusterBits(), (int) tableClusters);
    }

    private static List<Integer> slots(ClusterCounts counts, long from, long end, int perBlock) {
        List<Integer> slots = new ArrayList<>();
        long last = Math.max(end, counts.end()) - 1;
        for (long slot = 0; slot <= last / perBlock; slot++) {
            long first = slot * perBlock;
            boolean ours = first < end && first + perBlock > from;
            if (ours || counts.anyIn(first, first + perBlock)) {
                slots.add((int) slot);
            }
        }
        return slots;
    }

    private void writeBlocks(ClusterCounts counts, long firstBlock, List<Integer> slots) throws IOException {
        RefcountBits bits = new RefcountBits(geometry.refcountOrder());
        int perBlock = geometry.refcountsPerBlock();
        for (int i = 0; i < slots.size(); i++) {
            ByteBuffer block = ByteBuffer.allocate(geometry.clusterSize());
            for (int index = 0; index < perBlock; index++) {
                int count = counts.get((long) slots.get(i) * perBlock + index);
                if (count != 0) {
                    bits.set(block, index, count);
                }
            }
            store.write(firstBlock + i << geometry.clusterBits(), block);
        }
    }
}
