package org.lodgevm.devices.virtio.socket;

import java.nio.ByteBuffer;

/** Bytes on their way in one direction, at most so many. Its user guards it. */
final class StreamBuffer {
    private static final class State {
        int first;
        int count;
    }

    private final State state = new State();
    private final byte[] bytes;

    StreamBuffer(int size) {
        bytes = new byte[size];
    }

    int count() {
        return state.count;
    }

    int room() {
        return bytes.length - state.count;
    }

    /** Adds as much as there is room for. @return how much */
    int put(ByteBuffer from) {
        int all = Math.min(room(), from.remaining());
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

    /** Moves as much as there is and fits. @return how much */
    int take(ByteBuffer into) {
        int all = Math.min(state.count, into.remaining());
        int done = 0;
        while (done < all) {
            int part = Math.min(all - done, bytes.length - state.first);
            into.put(bytes, state.first, part);
            state.first = (state.first + part) % bytes.length;
            state.count -= part;
            done += part;
        }
        return all;
    }
}
