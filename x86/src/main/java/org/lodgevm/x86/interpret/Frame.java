package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Vector;

/** Pushes onto a stack that need not be the current one; the CPU's rSP is left alone. */
final class Frame {
    private final Cpu c;
    private final Segment stack;
    private final long mask;
    private final int size;
    private long pointer;

    Frame(Cpu c, Segment stack, long pointer, long mask, int size) {
        this.c = c;
        this.stack = stack;
        this.pointer = pointer & mask;
        this.mask = mask;
        this.size = size;
    }

    void push(long value) {
        long sp = pointer - size & mask;
        if (!c.code64 && sp + size > stack.writeEnd && !stack.allows(sp, size, true)) {
            throw c.fault(Vector.SS, stack == c.segments[Segment.SS] ? 0 : stack.selector & Segmentation.INDEX_AND_TABLE);
        }
        Linear.write(c, c.code64 ? sp : stack.base + sp & 0xffff_ffffL, size, Segment.SS, value);
        pointer = sp;
    }

    long pointer() {
        return pointer;
    }
}
