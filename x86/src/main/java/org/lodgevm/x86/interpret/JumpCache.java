package org.lodgevm.x86.interpret;

import java.util.Arrays;

/**
 * Where a CPU finds blocks by linear address. Direct mapped. Whether a block is still what lies at its address is for the TLB to say.
 *
 * @see Cpu#fetches
 */
final class JumpCache {
    private static final int SIZE = 1 << 15;

    private final Block[] blocks = new Block[SIZE];

    /** The block, if its page has not been changed; or null. */
    Block get(long linear, long rip, int context) {
        Block block = blocks[slot(linear)];
        return block != null && block.is(linear, rip, context) && block.valid ? block : null;
    }

    void put(Block block) {
        blocks[slot(block.linear)] = block;
    }

    /** Lets go of all blocks. */
    void clear() {
        Arrays.fill(blocks, null);
    }

    private static int slot(long linear) {
        return (int) (linear ^ linear >>> 15) & SIZE - 1;
    }
}
