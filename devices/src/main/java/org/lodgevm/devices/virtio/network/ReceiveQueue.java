package org.lodgevm.devices.virtio.network;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.QueueFault;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.net.Frame;
import org.lodgevm.net.FrameQueue;

/** What the guest receives by one queue. */
final class ReceiveQueue {
    private static final class State {
        /** Buffers that were taken for a frame, and are not yet enough for it. */
        final transient List<DescriptorChain> held = new ArrayList<>();

        transient long room;
    }

    private static final int WAITING_BYTES = 512 << 10;
    private static final int WAITING_FRAMES = 512;

    private final State state = new State();
    private final FrameQueue waiting = new FrameQueue(WAITING_BYTES, WAITING_FRAMES);

    /** Any thread. @return false if there is no room */
    boolean offer(Frame frame) {
        return waiting.offer(frame);
    }

    /**
     * Moves frames to the guest's buffers.
     *
     * @param mergeable whether a frame may take several buffers
     * @param allowed tells whether a frame may be delivered as it is; the driver may have changed its mind since it was queued
     * @return whether whoever {@link #offer}ed in vain can now be told of room
     */
    boolean serve(Virtqueue queue, boolean mergeable, Predicate<Frame> allowed) {
        boolean roomAgain = false;
        Frame frame;
        while ((frame = waiting.peek()) != null) {
            if (allowed.test(frame) && !deliver(frame, queue, mergeable)) {
                return roomAgain;
            }
            roomAgain |= waiting.remove();
        }
        return roomAgain;
    }

    /** @return false if buffers are missing */
    private boolean deliver(Frame frame, Virtqueue queue, boolean mergeable) {
        long needed = PacketHeader.SIZE + (long) frame.size();
        while (state.room < needed) {
            if (!mergeable && !state.held.isEmpty()) {
                return true; // it does not fit, and nothing will make it: dropped
            }
            DescriptorChain chain = queue.poll();
            if (chain == null) {
                return false;
            }
            if (chain.writable().remaining() < PacketHeader.SIZE) {
                throw new QueueFault("a buffer for frames has no room for a header");
            }
            state.held.add(chain);
            state.room += chain.writable().remaining();
        }
        List<DescriptorChain> used = write(frame);
        queue.push(used);
        state.held.removeAll(used);
        state.room = state.held.stream().mapToLong(chain -> chain.writable().remaining()).sum();
        return true;
    }

    private List<DescriptorChain> write(Frame frame) {
        List<DescriptorChain> used = new ArrayList<>();
        MemorySegment bytes = MemorySegment.ofBuffer(frame.bytes());
        long headerRoom = PacketHeader.SIZE;
        long left = bytes.byteSize();
        for (DescriptorChain chain : state.held) {
            if (left == 0 && !used.isEmpty()) {
                break;
            }
            left -= Math.min(left, chain.writable().remaining() - headerRoom);
            headerRoom = 0;
            used.add(chain);
        }
        used.getFirst().writable().write(PacketHeader.write(frame.offload(), used.size()));
        long written = 0;
        for (DescriptorChain chain : used) {
            long part = Math.min(bytes.byteSize() - written, chain.writable().remaining());
            chain.writable().write(bytes.asSlice(written, part));
            written += part;
        }
        return used;
    }

    void giveBack(Virtqueue queue) {
        state.held.reversed().forEach(queue::unpoll);
        forget();
    }

    /** The queue is reset: its buffers are no longer ours. Frames that wait may still be delivered. */
    void forget() {
        state.held.clear();
        state.room = 0;
    }

    /** Drops all frames. No thread serves the queue. @return as {@link #serve} */
    boolean clear() {
        boolean roomAgain = false;
        while (waiting.peek() != null) {
            roomAgain |= waiting.remove();
        }
        return roomAgain;
    }
}
