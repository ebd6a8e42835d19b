package org.lodgevm.net.bridge;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.MacAddress;

/** A learning Ethernet switch. Its ports are {@link Link}s. */
public final class VirtualSwitch implements AutoCloseable {
    private static final int MAX_PORTS = 1024;
    private static final int MAX_ADDRESSES = 4096;
    /** @see "IEEE 802.1Q 8.8.3" */
    private static final long AGEING = TimeUnit.MINUTES.toNanos(5);

    private final List<SwitchPort> ports = new CopyOnWriteArrayList<>();
    private final MacTable table = new MacTable(MAX_ADDRESSES, AGEING, System::nanoTime);

    /** A new port. Closing it removes it. @throws IllegalStateException if there are too many */
    public Link port() {
        if (ports.size() >= MAX_PORTS) {
            throw new IllegalStateException("a switch has at most " + MAX_PORTS + " ports");
        }
        SwitchPort port = new SwitchPort(this);
        ports.add(port);
        return port;
    }

    /** Passes a frame on, to the one port that its destination is behind, or to all others. */
    void forward(SwitchPort from, Frame frame) {
        ByteBuffer bytes = frame.bytes();
        Ethernet ethernet = Ethernet.parse(bytes);
        if (ethernet == null) {
            return;
        }
        MacAddress source = ethernet.source();
        if (!source.isGroup()) {
            table.learn(source, from);
        }
        MacAddress destination = ethernet.destination();
        SwitchPort known = destination.isGroup() ? null : table.find(destination);
        if (known != null) {
            if (!known.equals(from)) {
                known.deliver(frame);
            }
            return;
        }
        for (SwitchPort port : ports) {
            if (!port.equals(from)) {
                port.deliver(frame);
            }
        }
    }

    void remove(SwitchPort port) {
        ports.remove(port);
        table.forget(port);
    }

    @Override
    public void close() {
        ports.forEach(SwitchPort::close);
    }
}
