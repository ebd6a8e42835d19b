package org.lodgevm.devices.chipset.serial;

/** A UART's 16-byte FIFO; each byte has room for its error bits above it. */
final class ByteFifo {
    static final int SIZE = 16;

    private final int[] entries = new int[SIZE];
    private int first;
    private int count;

    /** @throws IllegalStateException if it cannot be like this */
    void check() {
        if (first < 0 || first >= SIZE || count < 0 || count > SIZE) {
            throw new IllegalStateException("a FIFO of %d bytes has %d from %d on".formatted(SIZE, count, first));
        }
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void add(int entry) {
        entries[(first + count) % SIZE] = entry;
        count++;
    }

    int peek() {
        return entries[first];
    }

    int remove() {
        int entry = entries[first];
        first = (first + 1) % SIZE;
        count--;
        return entry;
    }

    void replaceFirst(int entry) {
        entries[first] = entry;
    }

    void clear() {
        count = 0;
    }

    /** Whether any entry has one of these bits. */
    boolean anyHas(int bits) {
        for (int i = 0; i < count; i++) {
            if ((entries[(first + i) % SIZE] & bits) != 0) {
                return true;
            }
        }
        return false;
    }
}
