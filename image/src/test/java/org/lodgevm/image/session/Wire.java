package org.lodgevm.image.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** One direction of a serial line: whoever writes waits while the FIFO is full, whoever reads while it is empty. */
final class Wire {
    private static final int END = -1;
    private final BlockingQueue<Integer> fifo = new ArrayBlockingQueue<>(16);

    final InputStream exit = new InputStream() {
        private boolean ended;

        @Override
        public int read() throws IOException {
            if (ended) {
                return END;
            }
            try {
                int next = fifo.take();
                ended = next == END;
                return next;
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int first = read();
            if (first == END) {
                return END;
            }
            int count = 0;
            buffer[offset + count++] = (byte) first;
            while (count < length && !fifo.isEmpty() && fifo.peek() != END) {
                buffer[offset + count++] = (byte) read();
            }
            return count;
        }
    };

    final OutputStream entry = new OutputStream() {
        @Override
        public void write(int value) throws IOException {
            put(value & 0xff);
        }

        @Override
        public void close() throws IOException {
            put(END);
        }

        private void put(int value) throws IOException {
            try {
                fifo.put(value);
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
    };
}
