package org.lodgevm.devices.virtio.console;

import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.devices.chipset.serial.SerialOutput;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.devices.virtio.queue.Virtqueue;

/** One port between its two queues and the host's streams. */
final class Port implements AutoCloseable {
    private static final class State {
        /** The host's ends. */
        transient volatile PortInput input;

        transient volatile SerialOutput output;
        /** Somebody is there. */
        transient volatile boolean attended = true;
        /** The guest has it open: it takes what comes. */
        volatile boolean open;
        /** A buffer of which there was room for a part only; the transmit queue's thread has it. */
        transient DescriptorChain unfinished;

        transient byte[] unsent = {};
        transient int sent;
        /** How much of the next buffer was sent before it was given back. */
        long sentBefore;
    }

    private static final int CHUNK = 1 << 14;

    private final State state = new State();
    private final String name;
    private final Runnable receive;
    private final Runnable transmit;

    /**
     * @param receive has the receive queue served
     * @param transmit has the transmit queue served
     */
    Port(String name, ConsolePort description, Runnable receive, Runnable transmit) {
        this.name = name;
        this.receive = receive;
        this.transmit = transmit;
        plugIn(description.endpoint());
    }

    private void plugIn(SerialEndpoint endpoint) {
        state.input = new PortInput(name + " input", endpoint.input(), receive);
        state.output = new SerialOutput(name + " output", endpoint.output(), transmit);
    }

    /** While no queue is served. What has not arrived yet, in either direction, does so no more. */
    void replug(SerialEndpoint endpoint) {
        close();
        plugIn(endpoint);
    }

    /** @return whether this changes anything */
    boolean open(boolean open) {
        boolean before = state.open;
        state.open = open;
        return before != open;
    }

    void attended(boolean attended) {
        state.attended = attended;
    }

    boolean attended() {
        return state.attended;
    }

    void receive(Virtqueue queue) {
        while (state.open && !state.input.isEmpty()) {
            DescriptorChain chain = queue.poll();
            if (chain == null) {
                return;
            }
            state.input.moveTo(chain.writable());
            queue.push(chain);
        }
    }

    void transmit(Virtqueue queue) {
        while (flush(queue)) {
            state.unfinished = queue.poll();
            if (state.unfinished == null) {
                return;
            }
            GuestBuffer readable = state.unfinished.readable();
            readable.skip(Math.clamp(state.sentBefore, 0, readable.remaining()));
            state.sentBefore = 0;
        }
    }

    void giveBack(Virtqueue queue) {
        if (state.unfinished != null) {
            queue.unpoll(state.unfinished);
            long sent = state.unfinished.readable().done() - (state.unsent.length - state.sent);
            forget();
            state.sentBefore = sent;
        }
    }

    /** Sends what is left of the unfinished buffer. @return false if there was no room for all of it */
    private boolean flush(Virtqueue queue) {
        if (state.unfinished == null) {
            return true;
        }
        GuestBuffer readable = state.unfinished.readable();
        while (state.sent < state.unsent.length || readable.remaining() > 0) {
            if (state.sent == state.unsent.length) {
                state.unsent = readable.read((int) Math.min(CHUNK, readable.remaining()));
                state.sent = 0;
            }
            int taken = state.output.offer(state.unsent, state.sent, state.unsent.length - state.sent);
            state.sent += taken;
            if (state.sent < state.unsent.length) {
                return false;
            }
        }
        queue.push(state.unfinished);
        state.unfinished = null;
        return true;
    }

    /** The transmit queue is reset; what was read of a buffer and not sent is lost with it. */
    void forget() {
        state.unfinished = null;
        state.unsent = new byte[0];
        state.sent = 0;
        state.sentBefore = 0;
    }

    /** Sends a byte if there is room for it. */
    void emergency(byte value) {
        state.output.offer(value);
    }

    SerialOutput output() {
        return state.output;
    }

    @Override
    public void close() {
        state.input.close();
        state.output.close();
    }
}
