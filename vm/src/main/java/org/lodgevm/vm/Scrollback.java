package org.lodgevm.vm;

import java.util.Arrays;

/** The last bytes of a stream, addressed by their position since its start. It grows to its capacity as bytes come. Not thread-safe. */
final class Scrollback {
    private final int capacity;
    private byte[] ring = new byte[1024];
    private long end;

    /** @param capacity a power of two */
    Scrollback(int capacity) {
        this.capacity = capacity;
    }

    void append(int value) {
        if (end == ring.length && ring.length < capacity) {
            ring = Arrays.copyOf(ring, 2 * ring.length);
        }
        ring[(int) (end++ & ring.length - 1)] = (byte) value;
    }

    /** Bytes ever appended. */
    long end() {
        return end;
    }

    /** Position of the oldest byte still here. */
    long start() {
        return Math.max(0, end - ring.length);
    }

    byte at(long position) {
        return ring[(int) (position & ring.length - 1)];
    }

    byte[] copy(long from, long to) {
        byte[] bytes = new byte[Math.toIntExact(to - from)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = at(from + i);
        }
        return bytes;
    }

    /** Position of the first occurrence of {@code wanted} at or after {@code from}, or -1. */
    long indexOf(byte[] wanted, long from) {
        for (long p = Math.max(from, start()); p + wanted.length <= end; p++) {
            int n = 0;
            while (n < wanted.length && at(p + n) == wanted[n]) {
                n++;
            }
            if (n == wanted.length) {
                return p;
            }
        }
        return -1;
    }
}
