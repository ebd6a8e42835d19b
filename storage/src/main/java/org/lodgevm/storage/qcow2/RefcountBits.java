package org.lodgevm.storage.qcow2;

import java.nio.ByteBuffer;

/**
 * How reference counts of 1 to 64 bits lie in a block: those below a byte from the lowest bit up.
 *
 * @qcow2 "Host cluster management"
 */
record RefcountBits(int order) {
    private static final int BYTE_ORDER = 3;

    long get(ByteBuffer block, int index) {
        return switch (order) {
            case 3 -> block.get(index) & 0xffL;
            case 4 -> block.getShort(index << 1) & 0xffffL;
            case 5 -> block.getInt(index << 2) & 0xffff_ffffL;
            case 6 -> block.getLong(index << 3);
            default -> block.get(place(index)) >>> shift(index) & mask();
        };
    }

    void set(ByteBuffer block, int index, long count) {
        switch (order) {
            case 3 -> block.put(index, (byte) count);
            case 4 -> block.putShort(index << 1, (short) count);
            case 5 -> block.putInt(index << 2, (int) count);
            case 6 -> block.putLong(index << 3, count);
            default -> block.put(
                    place(index), (byte) (block.get(place(index)) & ~(mask() << shift(index)) | count << shift(index)));
        }
    }

    /** The byte at which a count begins. */
    int place(int index) {
        return order >= BYTE_ORDER ? index << order - BYTE_ORDER : index >>> BYTE_ORDER - order;
    }

    private int shift(int index) {
        return (index & (1 << BYTE_ORDER - order) - 1) << order;
    }

    private int mask() {
        return (1 << (1 << order)) - 1;
    }
}
