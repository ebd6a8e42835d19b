package org.lodgevm.devices.chipset.keyboard;

import org.lodgevm.machine.state.Restorable;

/** Bytes that a device has not sent yet. Events leave room for the answers to commands. */
final class Ps2Queue implements Restorable {
    static final class State {
        final byte[] bytes = new byte[CAPACITY];
        int first;
        int count;
        /** The byte that went last, for a guest that missed it. */
        int sent;
    }

    private static final int CAPACITY = 32;
    private static final int EVENTS = 16;

    final State state;

    Ps2Queue(State state) {
        this.state = state;
    }

    @Override
    public void restored() {
        if (state.first < 0 || state.first >= CAPACITY || state.count < 0 || state.count > CAPACITY) {
            throw new IllegalStateException("a queue of %d bytes has %d from %d on".formatted(CAPACITY, state.count, state.first));
        }
    }

    boolean isEmpty() {
        return state.count == 0;
    }

    void clear() {
        state.count = 0;
    }

    /** Queues all bytes of an event, or none. @return whether there was room */
    boolean event(int... bytes) {
        boolean fits = state.count + bytes.length <= EVENTS;
        if (fits) {
            append(bytes);
        }
        return fits;
    }

    /** Queues the answer to a command, which replaces what waits if a guest never reads. */
    void answer(int... bytes) {
        if (state.count + bytes.length > CAPACITY) {
            clear();
        }
        append(bytes);
    }

    private void append(int... bytes) {
        for (int each : bytes) {
            state.bytes[(state.first + state.count++) % CAPACITY] = (byte) each;
        }
    }

    /** Takes the next byte; there must be one. */
    int take() {
        state.sent = state.bytes[state.first] & 0xff;
        state.first = (state.first + 1) % CAPACITY;
        state.count--;
        return state.sent;
    }

    void resend() {
        answer(state.sent);
    }
}
