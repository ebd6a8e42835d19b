package org.lodgevm.net.tcp;

import java.nio.ByteBuffer;

/**
 * A window of a stream of bytes: from {@link #head}, before which everything is done with, to {@link #tail}, up to which it is complete.
 * Behind the tail there may be bytes that came too early. It has chunks only for what it holds.
 */
final class StreamBuffer {
    private final BufferPool pool;
    private final int capacity;
    /** By number of the chunk in the stream, modulo the array's length. */
    private final ByteBuffer[] chunks;

    private int held;
    private long head;
    private long tail;
    /** The end of the last byte that is stored. */
    private long top;
    private boolean released;

    StreamBuffer(BufferPool pool, int capacity) {
        this.pool = pool;
        this.capacity = capacity;
        chunks = new ByteBuffer[(capacity + BufferPool.CHUNK - 1) / BufferPool.CHUNK + 1];
    }

    long head() {
        return head;
    }

    long tail() {
        return tail;
    }

    boolean isEmpty() {
        return head == tail;
    }

    /** Bytes from the head on for which there is room. */
    int capacity() {
        return capacity;
    }

    /** The chunk that a position is in, with its whole size as limit; null if there is no memory for it. */
    private ByteBuffer chunk(long position) {
        int index = index(position);
        if (chunks[index] == null && !released) {
            chunks[index] = pool.take(held == 0);
            held += chunks[index] == null ? 0 : 1;
        }
        return chunks[index] == null ? null : chunks[index].clear();
    }

    private int index(long position) {
        return (int) (position / BufferPool.CHUNK % chunks.length);
    }

    private static int offset(long position) {
        return (int) (position % BufferPool.CHUNK);
    }

    /** Stores bytes anywhere behind the head. @return how many, fewer than given if there is no memory or they leave the window */
    int put(long position, ByteBuffer bytes, int at, int length) {
        int wanted = (int) Math.min(length, head + capacity - position);
        int done = 0;
        while (done < wanted) {
            ByteBuffer chunk = chunk(position + done);
            if (chunk == null) {
                break;
            }
            int offset = offset(position + done);
            int part = Math.min(wanted - done, BufferPool.CHUNK - offset);
            chunk.put(offset, bytes, at + done, part);
            done += part;
        }
        top = Math.max(top, position + done);
        return done;
    }

    /** The stream is complete up to there. */
    void complete(long newTail) {
        tail = newTail;
        top = Math.max(top, tail);
    }

    /** Room behind the tail, from the buffer's position to its limit, to be filled and then completed; null if there is none. */
    ByteBuffer room() {
        int offset = offset(tail);
        int room = (int) Math.min(head + capacity - tail, BufferPool.CHUNK - offset);
        ByteBuffer chunk = room <= 0 ? null : chunk(tail);
        return chunk == null ? null : chunk.limit(offset + room).position(offset);
    }

    /** Bytes at the head, from the buffer's position to its limit, to be read and then discarded; null if there are none. */
    ByteBuffer content() {
        if (isEmpty()) {
            return null;
        }
        int offset = offset(head);
        int length = (int) Math.min(tail - head, BufferPool.CHUNK - offset);
        return chunk(head).limit(offset + length).position(offset);
    }

    void copy(long position, int length, ByteBuffer target, int at) {
        int done = 0;
        while (done < length) {
            int offset = offset(position + done);
            int part = Math.min(length - done, BufferPool.CHUNK - offset);
            target.put(at + done, chunk(position + done), offset, part);
            done += part;
        }
    }

    /** Moves the head, and the tail if it would be overtaken. */
    void discard(long newHead) {
        long end = top;
        for (long at = head - offset(head); at < end; at += BufferPool.CHUNK) {
            if (at + BufferPool.CHUNK <= newHead || end <= newHead) {
                release(index(at));
            }
        }
        head = newHead;
        tail = Math.max(tail, newHead);
        top = Math.max(top, newHead);
    }

    /** A chunk that is partly filled may also be there although nothing was stored in it: room that was not used. */
    void trim() {
        if (top == head) {
            releaseChunks();
        }
    }

    /** Gives everything back; nothing more is stored. */
    void release() {
        released = true;
        head = top;
        tail = top;
        releaseChunks();
    }

    private void releaseChunks() {
        for (int i = 0; i < chunks.length; i++) {
            release(i);
        }
    }

    private void release(int index) {
        if (chunks[index] != null) {
            pool.give(chunks[index]);
            chunks[index] = null;
            held--;
        }
    }
}
