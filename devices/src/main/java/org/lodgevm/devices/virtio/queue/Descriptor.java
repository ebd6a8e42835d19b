package org.lodgevm.devices.virtio.queue;

/**
 * One entry of a descriptor table, as it was when it was read.
 *
 * @param next in a split ring the next entry of a chain, in a packed ring the buffer's id
 * @virtio 2.7.5, 2.8.6
 */
record Descriptor(long address, long length, int flags, int next) {
    /** Bytes in memory. */
    static final int SIZE = 16;

    static final int NEXT = 1;
    static final int WRITE = 1 << 1;
    static final int INDIRECT = 1 << 2;

    private static final int LENGTH = 8;
    private static final int LOW_FIELD = 12;
    private static final int HIGH_FIELD = 14;

    static Descriptor ofSplit(DmaMemory memory, long gpa) {
        long word = memory.load64(gpa + LENGTH);
        return new Descriptor(memory.load64(gpa), length(word), lowField(word), highField(word));
    }

    static Descriptor ofPacked(DmaMemory memory, long gpa) {
        long word = memory.load64(gpa + LENGTH);
        return new Descriptor(memory.load64(gpa), length(word), highField(word), lowField(word));
    }

    /** One of the ring itself. Its flags come first: they say whether the rest is there yet. */
    static Descriptor ofPackedRing(DmaMemory memory, long gpa) {
        int flags = memory.load16(gpa + HIGH_FIELD);
        Descriptor rest = ofPacked(memory, gpa);
        return new Descriptor(rest.address, rest.length, flags, rest.next);
    }

    private static long length(long word) {
        return word & 0xffff_ffffL;
    }

    private static int lowField(long word) {
        return (int) (word >>> Integer.SIZE) & 0xffff;
    }

    private static int highField(long word) {
        return (int) (word >>> Integer.SIZE + Short.SIZE);
    }

    /** Begins to make a packed ring's entry a used one. */
    static void use(DmaMemory memory, long gpa, int id, long written) {
        memory.store32(gpa + LENGTH, (int) written);
        memory.store16(gpa + LOW_FIELD, id);
    }

    /** The rest of {@link #use}. */
    static void flags(DmaMemory memory, long gpa, int flags) {
        memory.store16(gpa + HIGH_FIELD, flags);
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }
}
