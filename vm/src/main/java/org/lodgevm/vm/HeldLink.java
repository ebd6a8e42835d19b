package org.lodgevm.vm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.FrameQueue;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;

/** A cable on which what the machine sends can be held back, until it is released in the order in which it was sent. What comes is not. */
final class HeldLink implements Link {
    private static final int BYTES = 4 << 20;
    private static final int FRAMES = 4096;
    private static final long ALL = Long.MAX_VALUE;

    private final Link link;
    private final AtomicLong taken = new AtomicLong();
    /** Of the frames that were taken, how many may be sent. */
    private volatile long released = ALL;
    /** Null as long as nothing was ever held back. */
    private volatile FrameQueue queue;
    /** Sent from the queue; whoever has {@link #turns} sends. */
    private long sent;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile Receiver receiver;

    HeldLink(Link link) {
        this.link = link;
    }

    /** From now on frames wait until they are released. The machine stands still. */
    void hold() {
        if (queue == null) {
            queue = new FrameQueue(BYTES, FRAMES);
        }
        released = taken.get();
    }

    /** Frames that were ever taken since the first {@link #hold}. */
    long taken() {
        return taken.get();
    }

    /** The first so many may be sent. */
    void release(long frames) {
        released = frames;
        sendOn();
    }

    /** Nothing is held back any more. */
    void releaseAll() {
        release(ALL);
    }

    /** What waits is never sent, nor is what comes. */
    void drop() {
        released = 0;
        queue.close();
    }

    @Override
    public boolean send(Frame frame) {
        FrameQueue waiting = queue;
        if (waiting == null) {
            return link.send(frame);
        } else if (frame.size() == 0 || frame.size() > Frame.MAX_SIZE) {
            return true; // no frame
        }
        synchronized (waiting) {
            if (!waiting.offer(frame)) {
                return false;
            }
            taken.incrementAndGet();
        }
        if (released == ALL) {
            sendOn();
        }
        return true;
    }

    /** Sends what may be sent, as long as the link takes it, without a lock: the link may call back. */
    private void sendOn() {
        FrameQueue waiting = queue;
        if (waiting == null || turns.getAndIncrement() != 0) {
            return;
        }
        int seen;
        do {
            seen = turns.get();
            boolean roomAgain = false;
            for (Frame frame = next(waiting); frame != null && link.send(frame); frame = next(waiting)) {
                roomAgain |= waiting.remove();
                sent++;
            }
            if (roomAgain && receiver != null) {
                receiver.sendReady();
            }
        } while (!turns.compareAndSet(seen, 0));
    }

    private Frame next(FrameQueue waiting) {
        return sent < released ? waiting.peek() : null;
    }

    @Override
    public void connect(Receiver value) {
        receiver = value;
        link.connect(new Receiver() {
            @Override
            public boolean receive(Frame frame) {
                return value.receive(frame);
            }

            @Override
            public void sendReady() {
                if (queue == null) {
                    value.sendReady();
                } else {
                    sendOn();
                }
            }

            @Override
            public Capabilities capabilities() {
                return value.capabilities();
            }
        });
    }

    @Override
    public void receiveReady() {
        link.receiveReady();
    }

    @Override
    public void close() {
        link.close();
    }
}
