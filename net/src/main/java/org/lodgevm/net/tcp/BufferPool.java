package org.lodgevm.net.tcp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Memory for all streams of a stack, in chunks. What is given back is kept for reuse. */
public final class BufferPool {
    public static final int CHUNK = 1 << 16;

    private final int limit;
    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private int taken;
    private boolean refused;

    /** @param bytes that all chunks together may have */
    public BufferPool(long bytes) {
        limit = (int) Math.max(1, bytes / CHUNK);
    }

    /**
     * @param first whether the stream has nothing yet. Streams that have something get no more when three quarters are
     *     taken, so that a few slow ones do not keep all others from moving
     * @return null if there is none
     */
    ByteBuffer take(boolean first) {
        if (taken >= (first ? limit : limit - limit / 4)) {
            refused = true;
            return null;
        }
        ByteBuffer chunk = free.isEmpty() ? allocate() : free.pop();
        taken += chunk == null ? 0 : 1;
        return chunk;
    }

    /** The JVM's own limit may be lower. */
    private ByteBuffer allocate() {
        try {
            return ByteBuffer.allocateDirect(CHUNK);
        } catch (OutOfMemoryError e) {
            refused = true;
            return null;
        }
    }

    void give(ByteBuffer chunk) {
        taken--;
        free.push(chunk);
    }

    /** Whether chunks were refused and some are there now. Asking resets it. */
    public boolean relieved() {
        if (refused && taken < limit - limit / 4) {
            refused = false;
            return true;
        }
        return false;
    }

    public int taken() {
        return taken;
    }
}
