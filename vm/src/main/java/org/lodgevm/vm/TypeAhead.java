package org.lodgevm.vm;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;

/** Input that waits for the guest to read it: a pipe of bounded size whose ends any threads may use, one after the other. */
final class TypeAhead {
    private final byte[] ring = new byte[1 << 12];
    private int first;
    private int count;
    private boolean closed;

    /** Adds bytes, waiting for space; after {@link #close} they are lost. */
    synchronized void put(byte[] bytes, int offset, int length) throws InterruptedException {
        for (int i = 0; i < length; i++) {
            while (count == ring.length && !closed) {
                wait();
            }
            if (!closed) {
                ring[(first + count++) % ring.length] = bytes[offset + i];
                notifyAll();
            }
        }
    }

    /** Takes what is there, at least one byte; waits for that. @return how many bytes, or -1 after {@link #close} */
    synchronized int take(byte[] into, int offset, int length) throws InterruptedException {
        while (count == 0 && !closed) {
            wait();
        }
        if (closed) {
            return -1;
        }
        int taken = Math.min(length, count);
        for (int i = 0; i < taken; i++) {
            into[offset + i] = ring[first];
            first = (first + 1) % ring.length;
        }
        count -= taken;
        notifyAll();
        return taken;
    }

    synchronized int available() {
        return closed ? 0 : count;
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
