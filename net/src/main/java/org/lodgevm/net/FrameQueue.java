package org.lodgevm.net;

import java.nio.ByteBuffer;

/**
 * A bounded queue of copies of frames, from any threads to one. The frames lie one after the other in a ring of bytes, none across its
 * end, so that taking one out needs no copy.
 */
public final class FrameQueue {
    /** Each entry in the ring starts with its size, of the frame or, negative, of what is left unused before the end. */
    private static final int HEADER = Integer.BYTES;

    private static final int ALIGNMENT = 8;

    private final ByteBuffer ring;
    private final Offload[] offloads;
    /** Bytes and frames ever put in and taken out; differences are what is in the queue. Guarded by this. */
    private long written;

    private long read;
    private int offloadsWritten;
    private int offloadsRead;
    /** A frame was refused: whoever takes frames out is to say when there is room. */
    private boolean refused;

    private boolean closed;

    /**
     * @param bytes room for frames and their management, at least for two of {@link Frame#MAX_SIZE}
     * @param frames at most; a power of two
     */
    public FrameQueue(int bytes, int frames) {
        if (bytes < 2 * (Frame.MAX_SIZE + 2 * ALIGNMENT) || Integer.bitCount(frames) != 1) {
            throw new IllegalArgumentException("a queue of " + bytes + " bytes and " + frames + " frames");
        }
        ring = ByteBuffer.allocateDirect(bytes & -ALIGNMENT);
        offloads = new Offload[frames];
    }

    /** @return false if there is no room. A frame that is empty or larger than any can be is taken and dropped */
    public synchronized boolean offer(Frame frame) {
        int size = frame.size();
        if (closed || size == 0 || size > Frame.MAX_SIZE) {
            return true;
        }
        int entry = entrySize(size);
        int at = (int) (written % ring.capacity());
        int skipped = at + entry > ring.capacity() ? ring.capacity() - at : 0;
        if (written + skipped + entry - read > ring.capacity() || offloadsWritten - offloadsRead == offloads.length) {
            refused = true;
            return false;
        }
        if (skipped > 0) {
            ring.putInt(at, -skipped);
            written += skipped;
            at = 0;
        }
        ring.putInt(at, size);
        ring.put(at + HEADER, frame.bytes(), frame.bytes().position(), size);
        offloads[offloadsWritten++ & offloads.length - 1] = frame.offload();
        written += entry;
        notifyAll();
        return true;
    }

    private static int entrySize(int size) {
        return size + HEADER + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** The oldest frame, which stays in the queue until {@link #remove}; null if there is none. */
    public synchronized Frame peek() {
        if (read == written) {
            return null;
        }
        int at = (int) (read % ring.capacity());
        int size = ring.getInt(at);
        if (size < 0) {
            read -= size;
            at = 0;
            size = ring.getInt(at);
        }
        return new Frame(ring.slice(at + HEADER, size), offloads[offloadsRead & offloads.length - 1]);
    }

    /** Waits for a frame. @return the same as {@link #peek}; null after {@link #close} */
    public synchronized Frame await() throws InterruptedException {
        while (read == written && !closed) {
            wait();
        }
        return closed ? null : peek();
    }

    /**
     * Removes the frame that {@link #peek} returned.
     *
     * @return whether somebody who was refused can now be told of room: not before half of the queue is free
     */
    public synchronized boolean remove() {
        read += entrySize(ring.getInt((int) (read % ring.capacity())));
        offloads[offloadsRead++ & offloads.length - 1] = null;
        boolean roomy = written - read <= ring.capacity() / 2 && offloadsWritten - offloadsRead <= offloads.length / 2;
        if (refused && roomy) {
            refused = false;
            return true;
        }
        return false;
    }

    public synchronized boolean isEmpty() {
        return read == written;
    }

    /** From now on frames are taken and dropped, and nobody waits. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
