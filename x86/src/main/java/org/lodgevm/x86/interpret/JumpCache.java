package org.lodgevm.x86.interpret;

import java.util.Arrays;

/** Where a CPU finds blocks by linear address, without a page walk. Direct mapped. */
final class JumpCache {
    private static final int SIZE = 1 << 13;

    private final Block[] blocks = new Block[SIZE];
    /** {@link Cpu#mapping} when the entry was made. */
    private final int[] stamps = new int[SIZE];

    Block get(long linear, long rip, int context, int mapping) {
        int slot = slot(linear);
        Block block = blocks[slot];
        return block != null && stamps[slot] == mapping && block.is(linear, rip, context) && block.valid ? block : null;
    }

    void put(Block block, int mapping) {
        int slot = slot(block.linear);
        blocks[slot] = block;
        stamps[slot] = mapping;
    }

    /** Lets go of all blocks. */
    void clear() {
        Arrays.fill(blocks, null);
    }

    private static int slot(long linear) {
        return (int) (linear ^ linear >>> 13) & SIZE - 1;
    }
}
