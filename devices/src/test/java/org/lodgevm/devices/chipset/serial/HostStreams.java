package org.lodgevm.devices.chipset.serial;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** The host's end of a serial line in a test: bytes that a test types, and what arrived; writing can be held up or fail. */
final class HostStreams {
    private final BlockingQueue<Integer> typed = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    final Semaphore held = new Semaphore(1);
    volatile boolean broken;

    void type(byte[] bytes) {
        for (byte b : bytes) {
            typed.add(b & 0xff);
        }
    }

    /** Whether the UART's thread has taken all that was typed. */
    boolean allTaken() {
        return typed.isEmpty();
    }

    synchronized byte[] arrived() {
        return arrived.toByteArray();
    }

    SerialEndpoint endpoint() {
        return new SerialEndpoint(
                new InputStream() {
                    @Override
                    public int read() {
                        try {
                            return typed.take();
                        } catch (InterruptedException e) {
                            return -1;
                        }
                    }

                    @Override
                    public int read(byte[] to, int from, int length) {
                        to[from] = (byte) read();
                        return 1;
                    }
                },
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        if (broken) {
                            throw new IOException("nobody reads");
                        }
                        held.acquireUninterruptibly();
                        held.release();
                        synchronized (HostStreams.this) {
                            arrived.write(bytes, from, length);
                        }
                    }
                });
    }
}
