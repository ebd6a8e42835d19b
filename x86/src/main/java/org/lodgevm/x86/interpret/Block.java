package org.lodgevm.x86.interpret;

/** A run of instructions with one entry, decoded: part of one page, or a single instruction that lies over two. */
final class Block {
    final long linear;
    final long rip;
    final int context;
    final Op[] ops;
    /** How many instructions the ops are. */
    final int instructions;
    /** rIP after the last instruction. */
    final long next;
    final CodePage page;
    /** The second page, where the block is one instruction over a boundary; else null. */
    final CodePage second;
    /** Cleared, never set again, when the bytes it was decoded from change. */
    volatile boolean valid = true;

    Block(long linear, long rip, int context, Op[] ops, int instructions, long next, CodePage page, CodePage second) {
        this.linear = linear;
        this.rip = rip;
        this.context = context;
        this.ops = ops;
        this.instructions = instructions;
        this.next = next;
        this.page = page;
        this.second = second;
    }

    boolean is(long otherLinear, long otherRip, int otherContext) {
        return linear == otherLinear && rip == otherRip && context == otherContext;
    }
}
