package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Vector;

/** Pushes onto a stack that need not be the current one; the CPU's rSP is left alone. */
final class Frame {
    private final Cpu c;
    private final Segment stack;
    private final long mask;
    private final int size;
    private final int error;
    private long pointer;

    /**
     * @param size of each value, in bytes
     * @param error code of the #SS when there is no room
     */
    Frame(Cpu c, Segment stack, long pointer, long mask, int size, int error) {
        this.c = c;
        this.stack = stack;
        this.pointer = pointer & mask;
        this.mask = mask;
        this.size = size;
        this.error = error;
    }

    void push(long value) {
        long sp = pointer - size & mask;
        if (!c.code64 && sp + size > stack.writeEnd && !c.allows(stack, sp, size, true)) {
            throw c.fault(Vector.SS, error);
        }
        Linear.write(c, c.code64 ? sp : stack.base + sp & 0xffff_ffffL, size, Segment.SS, value);
        pointer = sp;
    }

    long pointer() {
        return pointer;
    }
}
