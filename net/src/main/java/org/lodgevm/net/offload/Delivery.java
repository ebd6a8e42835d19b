package org.lodgevm.net.offload;

import java.util.concurrent.Semaphore;
import org.lodgevm.net.Frame;
import org.lodgevm.net.FrameQueue;
import org.lodgevm.net.Receiver;

/** A thread that brings frames from a queue to a receiver, at the receiver's pace. */
public final class Delivery implements AutoCloseable {
    private final FrameQueue queue;
    private final Receiver receiver;
    private final Runnable roomAgain;
    private final Semaphore ready = new Semaphore(0);
    private final Segmenter segmenter = new Segmenter();
    private final Thread thread;
    private volatile boolean closed;

    /** @param roomAgain called when the queue had refused a frame and has room again */
    public Delivery(String name, FrameQueue queue, Receiver receiver, Runnable roomAgain) {
        this.queue = queue;
        this.receiver = receiver;
        this.roomAgain = roomAgain;
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** The receiver had refused a frame, and has room again. */
    public void ready() {
        ready.release();
    }

    private void run() {
        try {
            Frame frame;
            while ((frame = queue.await()) != null) {
                segmenter.begin(frame, receiver.capabilities());
                deliver();
                if (queue.remove()) {
                    roomAgain.run();
                }
            }
        } catch (InterruptedException e) {
            // closed: nobody else interrupts
        }
    }

    private void deliver() throws InterruptedException {
        while (segmenter.current() != null && !closed) {
            ready.drainPermits();
            if (receiver.receive(segmenter.current())) {
                segmenter.advance();
            } else {
                ready.acquire();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        queue.close();
        thread.interrupt();
    }
}
