package org.lodgevm.net.bridge;

import java.util.concurrent.atomic.AtomicLong;
import org.lodgevm.net.Frame;
import org.lodgevm.net.FrameQueue;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.offload.Delivery;

/** A port of a switch, with the frames that wait to leave it. Frames that come in never wait. */
final class SwitchPort implements Link {
    private static final int QUEUE_BYTES = 1 << 20;
    private static final int QUEUE_FRAMES = 1024;

    private final VirtualSwitch owner;
    private final AtomicLong dropped = new AtomicLong();
    private FrameQueue queue;
    private Delivery delivery;
    private boolean closed;

    SwitchPort(VirtualSwitch owner) {
        this.owner = owner;
    }

    @Override
    public boolean send(Frame frame) {
        owner.forward(this, frame);
        return true;
    }

    @Override
    public synchronized void connect(Receiver receiver) {
        if (delivery != null) {
            throw new IllegalStateException("this link has a receiver already");
        }
        if (!closed) {
            queue = new FrameQueue(QUEUE_BYTES, QUEUE_FRAMES);
            delivery = new Delivery("lodge-net-switch", queue, receiver, () -> {});
        }
    }

    /** Drops the frame if there is no room or nobody to take it. */
    void deliver(Frame frame) {
        FrameQueue current;
        synchronized (this) {
            current = queue;
        }
        if (current != null && !current.offer(frame)) {
            dropped.incrementAndGet();
        }
    }

    /** How many frames found no room. */
    long dropped() {
        return dropped.get();
    }

    @Override
    public void receiveReady() {
        Delivery current;
        synchronized (this) {
            current = delivery;
        }
        if (current != null) {
            current.ready();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            owner.remove(this);
            if (delivery != null) {
                delivery.close();
            }
        }
    }
}
