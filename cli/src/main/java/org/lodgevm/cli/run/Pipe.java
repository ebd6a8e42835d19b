package org.lodgevm.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Bytes from one thread to another, at most {@value #CAPACITY} under way: a writer that is ahead waits. The JDK's piped
 * streams are no use here, because they watch the life of the threads at their ends, and these come and go.
 */
final class Pipe {
    private static final int CAPACITY = 64 * 1024;

    private final byte[] ring = new byte[CAPACITY];
    private long written;
    private long read;
    private boolean ended;

    final OutputStream entry = new OutputStream() {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            for (int done = 0; done < length; ) {
                done += put(bytes, offset + done, length - done);
            }
        }
    };

    final InputStream exit = new InputStream() {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            return length == 0 ? 0 : take(bytes, offset, length);
        }
    };

    /** No more will be written; what is under way can still be read. A writer gets an error from now on. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    private synchronized int put(byte[] bytes, int offset, int length) throws IOException {
        awaitUntil(() -> written - read < CAPACITY);
        if (ended) {
            throw new IOException("the pipe has been ended");
        }
        int at = (int) (written % CAPACITY);
        int count = Math.min(length, Math.min(CAPACITY - at, (int) (read + CAPACITY - written)));
        System.arraycopy(bytes, offset, ring, at, count);
        written += count;
        notifyAll();
        return count;
    }

    private synchronized int take(byte[] bytes, int offset, int length) throws IOException {
        awaitUntil(() -> written > read);
        if (written == read) {
            return -1;
        }
        int at = (int) (read % CAPACITY);
        int count = Math.min(length, Math.min(CAPACITY - at, (int) (written - read)));
        System.arraycopy(ring, at, bytes, offset, count);
        read += count;
        notifyAll();
        return count;
    }

    /** Waits for {@code condition} or the end; the lock is held. */
    private synchronized void awaitUntil(BooleanSupplier condition) throws InterruptedIOException {
        try {
            while (!condition.getAsBoolean() && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted at a pipe");
        }
    }
}
