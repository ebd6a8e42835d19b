package org.lodgevm.storage.blocks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CheckReport;

/** Looks for blocks that are not in the file, or where another one is. There is no mending these. */
final class BlockTableCheck {
    private static final int MOST_PROBLEMS = 100;

    private final List<String> problems = new ArrayList<>();
    private final Set<Long> places = new HashSet<>();
    private long corruptions;
    private long placed;
    private long packed;
    private long fragmented;

    private BlockTableCheck() {}

    static CheckReport of(ByteStore store, BlockTable table, long size) throws IOException {
        BlockTableCheck check = new BlockTableCheck();
        long blocks = (size + table.blockSize() - 1) / table.blockSize();
        long expected = 0;
        for (long block = 0; block < blocks; block++) {
            long place = table.place(block);
            check.packed += place == BlockTable.PACKED ? 1 : 0;
            if (place >= 0) {
                check.look(block, place, store.size());
                check.fragmented += expected != 0 && place != expected ? 1 : 0;
                expected = place + table.blockSize();
            }
        }
        return new CheckReport(
                check.corruptions, 0, 0, 0, blocks, check.placed + check.packed, check.packed, check.fragmented, store.size(), check.problems);
    }

    private void look(long block, long place, long end) {
        placed++;
        if (place < end && places.add(place)) {
            return;
        }
        corruptions++;
        if (problems.size() < MOST_PROBLEMS) {
            problems.add("block %d is said to be at offset %#x, which is %s".formatted(
                    block, place, place >= end ? "beyond the end of the file" : "where another one is"));
        }
    }
}
