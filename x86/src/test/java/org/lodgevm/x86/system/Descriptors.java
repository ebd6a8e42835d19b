package org.lodgevm.x86.system;

/** Segment descriptors and gates as they lie in memory. @sdm 3A:3.4.5, 3A:6.11 */
final class Descriptors {
    /** Access bytes: present, with a DPL of 0. */
    static final int DATA = 0x93;
    static final int DATA_READ_ONLY = 0x91;
    static final int DATA_DOWN = 0x97;
    static final int CODE = 0x9b;
    static final int CODE_EXECUTE_ONLY = 0x99;
    static final int CODE_CONFORMING = 0x9f;
    static final int LDT = 0x82;
    static final int TSS16 = 0x81;
    static final int TSS = 0x89;
    static final int TSS_BUSY = 0x8b;
    static final int CALL_GATE16 = 0x84;
    static final int TASK_GATE = 0x85;
    static final int INTERRUPT_GATE16 = 0x86;
    static final int CALL_GATE = 0x8c;
    static final int INTERRUPT_GATE = 0x8e;
    static final int TRAP_GATE = 0x8f;
    static final int DPL3 = 3 << 5;
    static final int PRESENT = 0x80;
    static final int ACCESSED = 1;

    /** Flags: bits 23:20 of the second doubleword. */
    static final int LONG = 2;
    static final int BIG = 4;
    static final int PAGES = 8;

    private Descriptors() {}

    /** @param limit in bytes, or in pages with {@link #PAGES} */
    static long segment(long base, long limit, int access, int flags) {
        return limit & 0xffff | (base & 0xff_ffff) << 16 | (long) access << 40 | (limit >> 16 & 0xf) << 48 | (long) flags << 52
                | (base >>> 24 & 0xff) << 56;
    }

    static long flat(int access, int flags) {
        return segment(0, 0xf_ffff, access, flags | PAGES);
    }

    /** The first eight bytes of a gate. {@code parameters}: words that a call gate copies, or the IST that an interrupt gate names. */
    static long gate(int selector, long offset, int access, int parameters) {
        return offset & 0xffff | (long) selector << 16 | (long) parameters << 32 | (long) access << 40 | (offset >>> 16 & 0xffff) << 48;
    }

    /** How LAR shows and a segment register holds it: without base and limit. */
    static int attributes(long descriptor) {
        return (int) (descriptor >>> 40) & 0xf0ff;
    }
}
