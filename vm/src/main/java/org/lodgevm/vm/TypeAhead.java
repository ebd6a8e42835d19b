package org.lodgevm.vm;

/** Input that waits for the guest to read it: a bounded queue of bytes. */
final class TypeAhead {
    private final byte[] ring = new byte[1 << 12];
    private int first;
    private int count;
    private boolean closed;

    /** Adds as much as fits, at least one byte; waits for that. */
    synchronized int put(byte[] bytes, int offset, int length) throws InterruptedException {
        while (count == ring.length && !closed) {
            wait();
        }
        int fits = closed ? length : Math.min(length, ring.length - count);
        for (int i = 0; i < fits && !closed; i++) {
            ring[(first + count++) % ring.length] = bytes[offset + i];
        }
        return fits;
    }

    /** The next byte, or -1 when there is none. */
    synchronized int poll() {
        if (count == 0) {
            return -1;
        }
        int value = ring[first] & 0xff;
        first = (first + 1) % ring.length;
        count--;
        notifyAll();
        return value;
    }

    /** What is there and what still comes is lost. */
    synchronized void close() {
        closed = true;
        count = 0;
        notifyAll();
    }
}
