package org.lodgevm.devices.virtio.network;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Offload;

/** What the guest sends by one queue. */
final class TransmitQueue {
    private static final class State {
        /** A frame for which the link had no room, and the buffer that it came in. */
        transient DescriptorChain unsent;

        transient Frame frame;
    }

    private final State state = new State();
    private final byte[] bytes = new byte[Frame.MAX_SIZE];
    private final Link link;

    TransmitQueue(Link link) {
        this.link = link;
    }

    void serve(Virtqueue queue) {
        while (true) {
            if (state.unsent == null) {
                state.unsent = queue.poll();
                if (state.unsent == null) {
                    return;
                }
                state.frame = frame(state.unsent);
            }
            if (state.frame != null && !link.send(state.frame)) {
                return; // until the link is ready again
            }
            queue.push(state.unsent);
            forget();
        }
    }

    /** @return null if no frame can be like this */
    private Frame frame(DescriptorChain chain) {
        Offload offload = PacketHeader.read(chain.readable().read(PacketHeader.SIZE));
        long size = chain.readable().remaining();
        if (size == 0 || size > bytes.length) {
            return null;
        }
        chain.readable().read(MemorySegment.ofArray(bytes).asSlice(0, size));
        return new Frame(ByteBuffer.wrap(bytes, 0, (int) size).slice(), offload);
    }

    void giveBack(Virtqueue queue) {
        if (state.unsent != null) {
            queue.unpoll(state.unsent);
        }
        forget();
    }

    /** The queue is reset: the buffer is no longer ours. */
    void forget() {
        state.unsent = null;
        state.frame = null;
    }
}
