package org.lodgevm.devices.chipset.serial;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Carries bytes from a device to a host stream without making the device wait. Bytes that come close together are written
 * together; the stream is flushed within a few milliseconds.
 */
public final class SerialOutput implements AutoCloseable {
    private static final int CAPACITY = 1 << 16;
    /** How long the thread waits for more, once something is there. */
    private static final long GATHER_MILLIS = 1;

    /** All of it is the host's: what the guest has sent is sent. */
    private static final class State {
        transient byte[] filling = new byte[CAPACITY];
        transient byte[] writing = new byte[CAPACITY];
        transient int length;
        /** A byte was refused: tell the device when there is room. */
        transient boolean refused;
        /** The thread is writing what it took. */
        transient boolean busy;
        /** The stream failed; what comes is dropped. */
        transient boolean broken;

        transient boolean closed;
    }

    private final State state = new State();
    private final OutputStream stream;
    private final Runnable roomAgain;

    /** @param roomAgain called after a byte was refused, on this object's thread, when there is room again */
    public SerialOutput(String name, OutputStream stream, Runnable roomAgain) {
        this.stream = stream;
        this.roomAgain = roomAgain;
        Thread.ofVirtual().name(name).start(this::pump);
    }

    /** @return false if there is no room */
    public synchronized boolean offer(int value) {
        if (state.broken || state.closed) {
            return true;
        }
        if (state.length == CAPACITY) {
            state.refused = true;
            return false;
        }
        if (state.length == 0) {
            notifyAll();
        }
        state.filling[state.length++] = (byte) value;
        return true;
    }

    /** @return how many bytes there was room for */
    public synchronized int offer(byte[] bytes, int offset, int length) {
        if (state.broken || state.closed) {
            return length;
        }
        int taken = Math.min(length, CAPACITY - state.length);
        state.refused |= taken < length;
        if (state.length == 0) {
            notifyAll();
        }
        System.arraycopy(bytes, offset, state.filling, state.length, taken);
        state.length += taken;
        return taken;
    }

    private void pump() {
        try {
            int length;
            while ((length = await()) >= 0) {
                stream.write(state.writing, 0, length);
                stream.flush();
                written();
            }
        } catch (IOException | InterruptedException e) {
            broken();
        }
    }

    /** Swaps the buffers when the filling one has something. @return how much; -1 after close */
    private int await() throws InterruptedException {
        synchronized (this) {
            while (state.length == 0 && !state.closed) {
                wait();
            }
        }
        Thread.sleep(GATHER_MILLIS);
        synchronized (this) {
            if (state.length == 0) {
                return -1;
            }
            byte[] full = state.filling;
            state.filling = state.writing;
            state.writing = full;
            int length = state.length;
            state.length = 0;
            state.busy = true;
            return length;
        }
    }

    private void written() {
        boolean tell;
        synchronized (this) {
            state.busy = false;
            tell = state.refused;
            state.refused = false;
            notifyAll();
        }
        if (tell) {
            roomAgain.run();
        }
    }

    /** The reader of the stream has gone: the guest goes on without. */
    private void broken() {
        boolean tell;
        synchronized (this) {
            state.broken = true;
            state.busy = false;
            state.length = 0;
            tell = state.refused;
            notifyAll();
        }
        if (tell) {
            roomAgain.run();
        }
    }

    /** Waits until everything is written and flushed, but not longer than {@code millis}. */
    public synchronized void drain(long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        try {
            long left;
            while ((state.length > 0 || state.busy) && (left = deadline - System.nanoTime()) > 0) {
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is buffered is still written; later bytes are dropped. */
    @Override
    public synchronized void close() {
        state.closed = true;
        notifyAll();
    }
}
