package org.lodgevm.net.user.ip;

import java.util.function.Consumer;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.FrameQueue;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.loop.EventLoop;

/**
 * The cable between a guest and the stack. From the guest frames go into a queue; to the guest they go at once, on the loop's
 * thread, and what the guest has no room for stays with whoever wanted to send it.
 */
public final class StackPort implements Link {
    private static final int QUEUE_BYTES = 1 << 21;
    private static final int QUEUE_FRAMES = 1024;

    /** Frames that one turn of the loop takes, so that channels get theirs. */
    private static final int FRAMES_PER_TURN = 128;

    private final EventLoop loop;
    private final FrameQueue queue = new FrameQueue(QUEUE_BYTES, QUEUE_FRAMES);
    private volatile Receiver receiver;
    private volatile boolean blocked;
    private volatile boolean closed;

    public StackPort(EventLoop loop) {
        this.loop = loop;
    }

    // ---- the guest's side -----------------------------------------------------------------------------------------

    @Override
    public boolean send(Frame frame) {
        boolean taken = queue.offer(frame);
        loop.wake();
        return taken;
    }

    @Override
    public synchronized void connect(Receiver newReceiver) {
        if (receiver != null) {
            throw new IllegalStateException("this link has a receiver already");
        }
        receiver = newReceiver;
        loop.wake();
    }

    @Override
    public void receiveReady() {
        blocked = false;
        loop.wake();
    }

    @Override
    public void close() {
        closed = true;
        queue.close();
    }

    // ---- the stack's side -----------------------------------------------------------------------------------------

    /** Hands frames to the stack. @return whether there may be more */
    public boolean drain(Consumer<Frame> consumer) {
        for (int i = 0; i < FRAMES_PER_TURN; i++) {
            Frame frame = queue.peek();
            if (frame == null) {
                return false;
            }
            try {
                consumer.accept(frame);
            } finally {
                if (queue.remove() && receiver != null) {
                    receiver.sendReady();
                }
            }
        }
        return true;
    }

    /** Whether the guest has said that it has no room. */
    boolean isBlocked() {
        return blocked;
    }

    Capabilities capabilities() {
        Receiver current = receiver;
        return current == null ? Capabilities.ALL : current.capabilities();
    }

    /** @return false if the guest has no room */
    boolean deliver(Frame frame) {
        Receiver current = receiver;
        if (current == null || closed) {
            return true;
        }
        if (blocked) {
            return false;
        }
        blocked = true; // beforehand: the guest may be ready again before it has refused
        if (current.receive(frame)) {
            blocked = false;
            return true;
        }
        return false;
    }
}
