package org.lodgevm.devices.chipset.serial;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;

/**
 * Carries bytes from a device to a host stream without making the device wait. Bytes that come close together are written
 * together; the stream is flushed within a few milliseconds.
 *
 * <p>They can be held back: then they are written only when they are released, by their position among all that were ever taken. There is not
 * more room for them than usual.
 */
public final class SerialOutput implements AutoCloseable {
    /** Of bytes that were taken and not yet written; a power of two. */
    private static final int CAPACITY = 1 << 16;
    /** How long the thread waits for more, once something is there. */
    private static final long GATHER_MILLIS = 1;
    private static final long ALL = Long.MAX_VALUE;

    /** All of it is the host's: what the guest has sent is sent. */
    private static final class State {
        /** Bytes from {@link #written} to {@link #taken}, each at its position modulo the capacity. */
        final transient byte[] ring = new byte[CAPACITY];
        /** Bytes ever taken from the device, */
        transient long taken;
        /** ever written to the stream, */
        transient long written;
        /** and how many of them may be. */
        transient long released = ALL;
        /** A byte was refused: tell the device when there is room. */
        transient boolean refused;
        /** The stream failed, or others write what comes: it is dropped. */
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
        if (room() == 0) {
            state.refused = true;
            return false;
        }
        wakeIfIdle();
        state.ring[(int) state.taken++ & CAPACITY - 1] = (byte) value;
        return true;
    }

    /** @return how many bytes there was room for */
    public synchronized int offer(byte[] bytes, int offset, int length) {
        if (state.broken || state.closed) {
            return length;
        }
        int added = Math.min(length, room());
        wakeIfIdle();
        for (int i = 0; i < added; i++) {
            state.ring[(int) (state.taken + i) & CAPACITY - 1] = bytes[offset + i];
        }
        state.taken += added;
        state.refused |= added < length;
        return added;
    }

    private int room() {
        return CAPACITY - (int) (state.taken - state.written);
    }

    /** Before something is added. */
    private void wakeIfIdle() {
        if (state.taken == state.written) {
            notifyAll();
        }
    }

    private void pump() {
        try {
            int length;
            while ((length = await()) >= 0) {
                stream.write(state.ring, (int) state.written & CAPACITY - 1, length);
                stream.flush();
                written(length);
            }
        } catch (IOException | InterruptedException e) {
            drop(); // the reader of the stream has gone: the guest goes on without
        }
    }

    /** Waits for something that may be written. @return how much of it lies together; -1 after close */
    private int await() throws InterruptedException {
        synchronized (this) {
            while (ready() == 0 && !state.closed) {
                wait();
            }
        }
        Thread.sleep(GATHER_MILLIS);
        synchronized (this) {
            int length = (int) Math.min(ready(), CAPACITY - (state.written & CAPACITY - 1));
            return length == 0 && state.closed ? -1 : length;
        }
    }

    private long ready() {
        return Math.min(state.taken, state.released) - state.written;
    }

    private void written(int length) {
        boolean tell;
        synchronized (this) {
            state.written += length;
            tell = state.refused;
            state.refused = false;
            notifyAll();
        }
        if (tell) {
            roomAgain.run();
        }
    }

    // ---- holding back -----------------------------------------------------------------------------------------------

    /** What is taken from now on is written only when it is {@link #release}d. */
    public synchronized void hold() {
        state.released = state.taken;
    }

    /** Bytes ever taken. */
    public synchronized long taken() {
        return state.taken;
    }

    /** What was taken after the first {@code position} bytes, none of which has been released. */
    public synchronized byte[] since(long position) {
        byte[] bytes = new byte[(int) (state.taken - position)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = state.ring[(int) (position + i) & CAPACITY - 1];
        }
        return bytes;
    }

    /** The first {@code position} bytes may be written. */
    public synchronized void release(long position) {
        state.released = position;
        notifyAll();
    }

    /** Nothing is held back any more. */
    public void releaseAll() {
        release(ALL);
    }

    /** What has not been written is dropped, and so is what comes. */
    public void drop() {
        boolean tell;
        synchronized (this) {
            state.broken = true;
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
            while (state.taken > state.written && !state.broken && (left = deadline - System.nanoTime()) > 0) {
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same for several, with the time for all of them. */
    public static void drain(Collection<SerialOutput> outputs, long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        for (SerialOutput output : outputs) {
            output.drain(Math.max(0, (end - System.nanoTime()) / 1_000_000));
        }
    }

    /** What is buffered is still written; later bytes are dropped. */
    @Override
    public synchronized void close() {
        state.closed = true;
        notifyAll();
    }
}
