package org.lodgevm.net.wire;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.lodgevm.net.Frame;
import org.lodgevm.net.FrameQueue;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.offload.Delivery;

/** A cable whose other end is a {@link Wire}. When that ends, it is as if the cable had been taken out. */
public final class WireLink implements Link {
    private static final int QUEUE_BYTES = 1 << 20;
    private static final int QUEUE_FRAMES = 1024;

    private final Wire wire;
    private final Runnable disconnected;
    private final FrameQueue queue = new FrameQueue(QUEUE_BYTES, QUEUE_FRAMES);
    private final Delivery writer;
    private final Semaphore ready = new Semaphore(0);
    private volatile Receiver receiver;
    private volatile boolean closed;

    /**
     * @param wire is the link's from now on
     * @param disconnected runs when the wire has ended without being closed here, once there is a receiver
     */
    public WireLink(Wire wire, Runnable disconnected) {
        this.wire = wire;
        this.disconnected = disconnected;
        writer = new Delivery("lodge-net-writer", queue, this::write, this::sendReady);
    }

    // ---- out ------------------------------------------------------------------------------------------------------

    @Override
    public boolean send(Frame frame) {
        return queue.offer(frame);
    }

    private void sendReady() {
        Receiver current = receiver;
        if (current != null) {
            current.sendReady();
        }
    }

    /** Runs on the writer's thread only. */
    private boolean write(Frame frame) {
        try {
            wire.write(frame.bytes().duplicate());
        } catch (IOException e) {
            // the reader finds out as well
        }
        return true;
    }

    // ---- in -------------------------------------------------------------------------------------------------------

    private void read() {
        try {
            while (!closed) {
                deliver(new Frame(wire.read()));
            }
        } catch (IOException | InterruptedException e) {
            // whatever it was, the cable is out
        }
        if (!closed) {
            close();
            disconnected.run();
        }
    }

    private void deliver(Frame frame) throws InterruptedException {
        ready.drainPermits();
        while (!closed && !receiver.receive(frame)) {
            ready.acquire();
        }
    }

    @Override
    public synchronized void connect(Receiver newReceiver) {
        if (receiver != null) {
            throw new IllegalStateException("this link has a receiver already");
        }
        receiver = newReceiver;
        Thread.ofPlatform().daemon().name("lodge-net-reader").start(this::read); // may wait in the kernel; what came before waits in the wire
    }

    @Override
    public void receiveReady() {
        ready.release();
    }

    @Override
    public void close() {
        closed = true;
        writer.close();
        ready.release();
        try {
            wire.close();
        } catch (IOException e) {
            // it is not used any more
        }
    }
}
