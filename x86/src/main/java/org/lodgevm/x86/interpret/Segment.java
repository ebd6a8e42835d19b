package org.lodgevm.x86.interpret;

import org.lodgevm.machine.VcpuState;

/**
 * A segment register: its selector and the hidden part that a load of it caches. @sdm 3.4.3
 *
 * <p>{@link #readEnd} and {@link #writeEnd} answer the usual check in one comparison: an access that ends at or below
 * them is good. For segments that need more thought (expand-down, unusable, execute-only) they are 0.
 */
final class Segment {
    static final int ES = 0;
    static final int CS = 1;
    static final int SS = 2;
    static final int DS = 3;
    static final int FS = 4;
    static final int GS = 5;

    static final int TYPE = 0xf;
    static final int TYPE_ACCESSED = 1;
    /** TSS: in use. */
    static final int TYPE_BUSY = 2;
    /** Data: writable. Code: readable. */
    static final int TYPE_WRITE_OR_READ = 2;
    /** Data: expand-down. Code: conforming. */
    static final int TYPE_DOWN_OR_CONFORMING = 4;
    static final int TYPE_CODE = 8;
    /** Code or data, not system. */
    static final int S = 1 << 4;
    static final int DPL_SHIFT = 5;
    static final int P = 1 << 7;
    static final int L = 1 << 13;
    static final int DB = 1 << 14;
    static final int G = 1 << 15;
    /** A present, writable, accessed data segment. */
    static final int DATA = P | S | TYPE_WRITE_OR_READ | TYPE_ACCESSED;
    static final int CODE = P | S | TYPE_CODE | TYPE_WRITE_OR_READ | TYPE_ACCESSED;

    static final int SYSTEM_TSS16 = 1;
    static final int SYSTEM_LDT = 2;
    static final int SYSTEM_TSS16_BUSY = 3;
    static final int SYSTEM_CALL_GATE16 = 4;
    static final int SYSTEM_TASK_GATE = 5;
    static final int SYSTEM_INTERRUPT_GATE16 = 6;
    static final int SYSTEM_TRAP_GATE16 = 7;
    static final int SYSTEM_TSS = 9;
    static final int SYSTEM_TSS_BUSY = 11;
    static final int SYSTEM_CALL_GATE = 12;
    static final int SYSTEM_INTERRUPT_GATE = 14;
    static final int SYSTEM_TRAP_GATE = 15;

    int selector;
    long base;
    /** Highest valid offset, granularity applied. */
    long limit;
    int attributes;
    /** First offset that a read, or a write, must not touch; see above. */
    long readEnd;
    long writeEnd;

    void set(int newSelector, long newBase, long newLimit, int newAttributes) {
        selector = newSelector;
        base = newBase;
        limit = newLimit;
        attributes = newAttributes;
        boolean usable = (attributes & P) != 0;
        boolean code = (attributes & TYPE_CODE) != 0;
        boolean simple = usable && (code || (attributes & TYPE_DOWN_OR_CONFORMING) == 0);
        boolean writeOrRead = (attributes & TYPE_WRITE_OR_READ) != 0;
        readEnd = simple && (!code || writeOrRead) ? limit + 1 : 0;
        writeEnd = simple && !code && writeOrRead ? limit + 1 : 0;
    }

    /** The null selector's effect: no access through this register. */
    void unusable(int newSelector) {
        set(newSelector, 0, 0, 0);
    }

    /** Whether every offset of 32 bits may be read and written. */
    boolean unlimited() {
        return readEnd == 1L << 32 && writeEnd == readEnd;
    }

    boolean present() {
        return (attributes & P) != 0;
    }

    boolean isCode() {
        return (attributes & (S | TYPE_CODE)) == (S | TYPE_CODE);
    }

    boolean conforming() {
        return (attributes & (S | TYPE_CODE | TYPE_DOWN_OR_CONFORMING)) == (S | TYPE_CODE | TYPE_DOWN_OR_CONFORMING);
    }

    boolean big() {
        return (attributes & DB) != 0;
    }

    boolean longCode() {
        return (attributes & L) != 0;
    }

    int dpl() {
        return attributes >> DPL_SHIFT & 3;
    }

    /** The limit in 21 bits: as in the descriptor, with the granularity above. */
    int limitCode() {
        return (int) (limit >>> 20 == 0 ? limit : limit >>> 12 | 1 << 20);
    }

    int type() {
        return attributes & TYPE;
    }

    /** The check that {@link #readEnd} and {@link #writeEnd} could not settle. */
    boolean allows(long offset, int size, boolean write) {
        if (!present() || offset < 0) {
            return false;
        }
        boolean code = (attributes & TYPE_CODE) != 0;
        boolean writeOrRead = (attributes & TYPE_WRITE_OR_READ) != 0;
        if (write ? code || !writeOrRead : code && !writeOrRead) {
            return false;
        }
        long last = offset + size - 1;
        if (!code && (attributes & TYPE_DOWN_OR_CONFORMING) != 0) {
            return offset > limit && last <= (big() ? 0xffff_ffffL : 0xffffL);
        }
        return last <= limit;
    }

    VcpuState.Segment save() {
        return new VcpuState.Segment(selector, base, (int) limit, attributes);
    }

    void restore(VcpuState.Segment saved) {
        set(saved.selector(), saved.base(), saved.limit() & 0xffff_ffffL, saved.attributes());
    }
}
