package org.lodgevm.devices.virtio.socket;

import java.nio.ByteBuffer;

/** Bytes on their way in one direction, at most so many; it takes memory for about twice what it has held at most. Its user guards it. */
final class StreamBuffer {
    private static final class State {
        byte[] bytes = {};
        int first;
        int count;
    }

    private static final int LEAST = 1 << 12;

    private final State state = new State();
    private final int size;

    StreamBuffer(int size) {
        this.size = size;
    }

    int count() {
        return state.count;
    }

    int room() {
        return size - state.count;
    }

    /** What it takes of memory, in bytes. */
    int footprint() {
        return state.bytes.length;
    }

    /** Adds as much as there is room for. @return how much */
    int put(ByteBuffer from) {
        int all = Math.min(room(), from.remaining());
        if (state.count + all > state.bytes.length) {
            resize(Math.min(size, Math.max(LEAST, 2 * (state.count + all))));
        }
        byte[] bytes = state.bytes;
        int done = 0;
        while (done < all) {
            int at = (state.first + state.count) % bytes.length;
            int part = Math.min(all - done, bytes.length - at);
            from.get(bytes, at, part);
            state.count += part;
            done += part;
        }
        return all;
    }

    private void resize(int length) {
        byte[] larger = new byte[length];
        int count = state.count;
        take(ByteBuffer.wrap(larger));
        state.bytes = larger;
        state.first = 0;
        state.count = count;
    }

    /** Moves as much as there is and fits. @return how much */
    int take(ByteBuffer into) {
        byte[] bytes = state.bytes;
        int all = Math.min(state.count, into.remaining());
        int done = 0;
        while (done < all) {
            int part = Math.min(all - done, bytes.length - state.first);
            into.put(bytes, state.first, part);
            state.first = (state.first + part) % bytes.length;
            state.count -= part;
            done += part;
        }
        if (state.count == 0) {
            state.first = 0;
        }
        return all;
    }
}
