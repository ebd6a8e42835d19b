package org.lodgevm.devices.virtio.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.lodgevm.devices.virtio.queue.GuestBuffer;

/** Reads a host's stream on a thread of its own, one piece ahead of the guest. Its end means that there is no more to receive. */
final class PortInput implements AutoCloseable {
    private static final int PIECE = 4096;

    /** All of it is the host's. */
    private static final class State {
        transient int start;
        transient int end;
        transient boolean closed;
    }

    private final State state = new State();
    private final byte[] piece = new byte[PIECE];
    private final InputStream stream;
    private final Runnable arrived;

    /** @param arrived called on this object's thread when there is something to {@link #moveTo} a buffer */
    PortInput(String name, InputStream stream, Runnable arrived) {
        this.stream = stream;
        this.arrived = arrived;
        Thread.ofVirtual().name(name).start(this::pump);
    }

    private void pump() {
        try {
            int length;
            while (awaitTaken() && (length = stream.read(piece)) >= 0) {
                synchronized (this) {
                    state.start = 0;
                    state.end = length;
                }
                arrived.run();
            }
        } catch (IOException | InterruptedException e) {
            // the host's end is gone, as at the end of the stream: the guest receives no more
        }
    }

    private synchronized boolean awaitTaken() throws InterruptedException {
        while (state.start < state.end && !state.closed) {
            wait();
        }
        return !state.closed;
    }

    synchronized boolean isEmpty() {
        return state.start == state.end;
    }

    /** Fills a buffer as far as there is something. */
    synchronized void moveTo(GuestBuffer buffer) {
        int length = (int) Math.min(buffer.remaining(), state.end - state.start);
        byte[] bytes = Arrays.copyOfRange(piece, state.start, state.start + length);
        buffer.write(bytes);
        state.start += length;
        if (state.start == state.end) {
            notifyAll();
        }
    }

    /** What has not been taken is lost. */
    @Override
    public synchronized void close() {
        state.closed = true;
        notifyAll();
    }
}
