package org.lodgevm.net.socket;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import org.lodgevm.net.Frame;
import org.lodgevm.net.FrameQueue;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.offload.Delivery;

/** A cable to another process. When the other process goes, it is as if the cable had been taken out. */
public final class SocketLink implements Link {
    private static final int QUEUE_BYTES = 1 << 20;
    private static final int QUEUE_FRAMES = 1024;
    private static final int BUFFER = 1 << 18;
    private static final int LENGTH = Integer.BYTES;

    private final SocketChannel channel;
    private final Runnable disconnected;
    private final FrameQueue queue = new FrameQueue(QUEUE_BYTES, QUEUE_FRAMES);
    private final Delivery writer;
    private final ByteBuffer length = ByteBuffer.allocateDirect(LENGTH);
    private final Semaphore ready = new Semaphore(0);
    private volatile Receiver receiver;
    private volatile boolean closed;

    /**
     * @param channel connected and blocking; it is the link's from now on
     * @param disconnected runs when the other process has gone, or sent what is no frame, once there is a receiver
     */
    public SocketLink(SocketChannel channel, Runnable disconnected) throws IOException {
        this.channel = channel;
        this.disconnected = disconnected;
        if (!(channel.getRemoteAddress() instanceof UnixDomainSocketAddress)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        writer = new Delivery("lodge-net-writer", queue, this::write, this::sendReady);
    }

    /** Connects to a listening process. */
    public static SocketLink connect(SocketAddress address, Runnable disconnected) throws IOException {
        SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
            channel.connect(address);
            return new SocketLink(channel, disconnected);
        } catch (IOException e) {
            channel.close();
            throw new IOException("no cable to " + address + ": " + e.getMessage(), e);
        }
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

    /** Runs on the writer's thread only, and waits until the kernel has taken the frame. */
    private boolean write(Frame frame) {
        length.clear().putInt(frame.size()).flip();
        ByteBuffer[] parts = {length, frame.bytes().duplicate()};
        try {
            while (parts[1].hasRemaining()) {
                channel.write(parts);
            }
        } catch (IOException e) {
            close();
        }
        return true;
    }

    // ---- in -------------------------------------------------------------------------------------------------------

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (!closed) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException();
                }
                buffer.flip();
                while (deliverOne(buffer)) {
                    // the next one
                }
                buffer.compact();
            }
        } catch (IOException | InterruptedException e) {
            // whatever it was, the cable is out
        } finally {
            close();
            disconnected.run();
        }
    }

    /** @return false if there is no whole frame in the buffer */
    private boolean deliverOne(ByteBuffer buffer) throws IOException, InterruptedException {
        if (buffer.remaining() < LENGTH) {
            return false;
        }
        int size = buffer.getInt(buffer.position());
        if (size < 0 || size > Frame.MAX_SIZE) {
            throw new IOException("a frame of " + size + " bytes");
        }
        if (buffer.remaining() < LENGTH + size) {
            return false;
        }
        int start = buffer.position() + LENGTH;
        if (size > 0) {
            deliver(new Frame(buffer.slice(start, size)));
        }
        buffer.position(start + size);
        return true;
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
        Thread.ofVirtual().name("lodge-net-reader").start(this::read); // what came before waits in the socket
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
            channel.close();
        } catch (IOException e) {
            // it is not used any more
        }
    }
}
