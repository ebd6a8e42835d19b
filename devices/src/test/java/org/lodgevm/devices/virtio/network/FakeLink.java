package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Offload;
import org.lodgevm.net.Receiver;

/** A cable whose other end is the test. */
final class FakeLink implements Link {
    /** What was sent, copied. */
    record Sent(byte[] bytes, Offload offload) {}

    final List<Sent> sent = new ArrayList<>();
    volatile boolean full;
    volatile Receiver receiver;
    volatile boolean closed;
    private int readiness;

    @Override
    public synchronized boolean send(Frame frame) {
        if (full) {
            return false;
        }
        byte[] bytes = new byte[frame.size()];
        frame.bytes().get(frame.bytes().position(), bytes);
        sent.add(new Sent(bytes, frame.offload()));
        return true;
    }

    synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    @Override
    public void connect(Receiver newReceiver) {
        receiver = newReceiver;
    }

    boolean deliver(byte[] bytes) {
        return deliver(bytes, Offload.NONE);
    }

    boolean deliver(byte[] bytes, Offload offload) {
        return receiver.receive(new Frame(ByteBuffer.wrap(bytes), offload));
    }

    @Override
    public synchronized void receiveReady() {
        readiness++;
    }

    synchronized int readiness() {
        return readiness;
    }

    @Override
    public void close() {
        closed = true;
    }
}
