package org.lodgevm.fuzz.network;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.net.Link;
import org.lodgevm.net.Patch;
import org.lodgevm.net.bridge.VirtualSwitch;
import org.lodgevm.net.wire.LinkServer;
import org.lodgevm.net.wire.SocketWire;
import org.lodgevm.net.wire.WireLink;

/** What is between a guest and its network: nothing, a switch, or a socket and a switch. @param parts closed from the guest's end on */
record Cable(Link link, Deque<AutoCloseable> parts) implements AutoCloseable {
    static Cable to(Link network, Dice dice) throws IOException {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        int kind = dice.below(4);
        if (kind < 2) {
            return new Cable(network, parts);
        }
        VirtualSwitch bridge = new VirtualSwitch();
        parts.push(bridge);
        Patch.join(network, bridge.port());
        if (kind == 2) {
            return new Cable(bridge.port(), parts);
        }
        LinkServer server = new LinkServer(Outside.anyPort(), bridge::port);
        parts.push(server);
        WireLink wire = new WireLink(SocketWire.connect(server.address()), () -> {});
        parts.push(wire::close);
        return new Cable(wire, parts);
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IOException("a cable cannot be taken out", e);
            }
        }
    }
}
