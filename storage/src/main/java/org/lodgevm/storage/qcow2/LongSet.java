package org.lodgevm.storage.qcow2;

import java.util.Arrays;

/** Numbers from 0 up, without an object each: places in a file that matter. Not thread-safe. */
final class LongSet {
    private static final long NONE = -1;
    private static final long MIXER = 0x9e37_79b9_7f4a_7c15L;

    private long[] slots = new long[64];
    private int size;

    LongSet() {
        Arrays.fill(slots, NONE);
    }

    /** @return whether it was not there */
    boolean add(long value) {
        if (2 * size >= slots.length) {
            grow();
        }
        int at = slot(value);
        if (slots[at] == value) {
            return false;
        }
        slots[at] = value;
        size++;
        return true;
    }

    boolean contains(long value) {
        return slots[slot(value)] == value;
    }

    /** Whether any of {@code count} numbers from {@code first} on is there. */
    boolean containsAny(long first, long count) {
        for (long value = first; value < first + count; value++) {
            if (contains(value)) {
                return true;
            }
        }
        return false;
    }

    void remove(long value) {
        int at = slot(value);
        if (slots[at] != value) {
            return;
        }
        slots[at] = NONE;
        size--;
        // What was pushed past the gap moves back.
        for (int next = at + 1 & slots.length - 1; slots[next] != NONE; next = next + 1 & slots.length - 1) {
            long moved = slots[next];
            slots[next] = NONE;
            slots[slot(moved)] = moved;
        }
    }

    private int slot(long value) {
        int at = (int) (value * MIXER >>> 32) & slots.length - 1;
        while (slots[at] != NONE && slots[at] != value) {
            at = at + 1 & slots.length - 1;
        }
        return at;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        Arrays.fill(slots, NONE);
        for (long value : old) {
            if (value != NONE) {
                slots[slot(value)] = value;
            }
        }
    }
}
