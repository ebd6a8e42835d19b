package org.lodgevm.vm;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;

/** Bytes that wait for somebody to read them: a pipe of bounded size whose ends any threads may use, one after the other. */
final class TypeAhead {
    private static final int KEYS = 1 << 12;

    private final byte[] ring;
    private int first;
    private int count;
    private boolean closed;

    /** For what a person types. */
    TypeAhead() {
        this(KEYS);
    }

    TypeAhead(int capacity) {
        ring = new byte[capacity];
    }

    /** Adds bytes, waiting for space; after {@link #close} they are lost. */
    synchronized void put(byte[] bytes, int offset, int length) throws InterruptedException {
        for (int done = 0; done < length; ) {
            while (count == ring.length && !closed) {
                wait();
            }
            if (closed) {
                return;
            }
            int at = (first + count) % ring.length;
            int added = Math.min(length - done, Math.min(ring.length - count, ring.length - at));
            System.arraycopy(bytes, offset + done, ring, at, added);
            count += added;
            done += added;
            notifyAll();
        }
    }

    /** Takes what is there, at least one byte; waits for that. @return how many bytes, or -1 when there are none after {@link #close} */
    synchronized int take(byte[] into, int offset, int length) throws InterruptedException {
        while (count == 0 && !closed) {
            wait();
        }
        if (count == 0) {
            return -1;
        }
        int taken = Math.min(length, Math.min(count, ring.length - first));
        System.arraycopy(ring, first, into, offset, taken);
        first = (first + taken) % ring.length;
        count -= taken;
        notifyAll();
        return taken;
    }

    synchronized int available() {
        return count;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** The guest's end. */
    InputStream source() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, into.length);
                try {
                    return length == 0 ? 0 : take(into, offset, length);
                } catch (InterruptedException e) {
                    throw interrupted();
                }
            }

            @Override
            public int available() {
                return TypeAhead.this.available();
            }
        };
    }

    /** The host's end. */
    OutputStream sink() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, bytes.length);
                try {
                    put(bytes, offset, length);
                } catch (InterruptedException e) {
                    throw interrupted();
                }
            }
        };
    }

    static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for a console");
    }
}
