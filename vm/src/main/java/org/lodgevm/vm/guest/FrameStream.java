package org.lodgevm.vm.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;

/**
 * Frames of a command's output, from the thread that receives them to the one that reads: at most {@value #WINDOW} at a time. For those who
 * implement {@link GuestProcess}.
 */
public final class FrameStream extends InputStream {
    /** As many as the agent sends without being asked for more. */
    public static final int WINDOW = 8;

    /** Told when there is room for another frame. */
    public interface Taken {
        void frame() throws IOException;
    }

    private final Queue<byte[]> frames = new ArrayDeque<>();
    private final Taken taken;
    private byte[] current = {};
    private int position;
    private boolean ended;
    private IOException failure;

    public FrameStream(Taken taken) {
        this.taken = taken;
    }

    /** @return false if this is more than was asked for; the frame is ignored then */
    public synchronized boolean offer(byte[] frame) {
        if (ended || frames.size() >= WINDOW) {
            return ended;
        }
        frames.add(frame);
        notifyAll();
        return true;
    }

    /** Adds a frame when there is room for it. */
    public synchronized void put(byte[] frame) throws InterruptedException {
        while (frames.size() >= WINDOW && !ended) {
            wait();
        }
        offer(frame);
    }

    /** No more will come; what is here can still be read. */
    public synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** No more will come, and that is an error. */
    public synchronized void fail(IOException why) {
        if (!ended) {
            failure = why;
            end();
        }
    }

    /** Forgets what was not read. */
    public synchronized void discard() {
        frames.clear();
        position = current.length;
        end();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        boolean another = false;
        int count;
        synchronized (this) {
            if (position == current.length) {
                if (!awaitFrame()) {
                    return -1;
                }
                current = frames.remove();
                position = 0;
                another = true;
                notifyAll();
            }
            count = Math.min(length, current.length - position);
            System.arraycopy(current, position, into, offset, count);
            position += count;
        }
        if (another) {
            taken.frame();
        }
        return count;
    }

    @Override
    public synchronized int available() {
        return current.length - position + frames.stream().mapToInt(frame -> frame.length).sum();
    }

    private synchronized boolean awaitFrame() throws IOException {
        try {
            while (frames.isEmpty() && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a guest's output");
        }
        if (frames.isEmpty() && failure != null) {
            throw failure;
        }
        return !frames.isEmpty();
    }
}
