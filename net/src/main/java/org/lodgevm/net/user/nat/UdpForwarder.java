package org.lodgevm.net.user.nat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.user.ip.Outlet;
import org.lodgevm.net.user.plan.PortForward;

/** A UDP port of the host that leads to a guest's. Clients are told apart, so that the guest's answers find them. */
public final class UdpForwarder implements AutoCloseable {
    private static final int MAX_CLIENTS = 256;
    private static final int DATAGRAMS_PER_TURN = 32;
    private static final int PORTS = 65_536;
    private static final int FIRST_PORT = 1024;

    private final UdpTable table;
    private final Access access;
    private final Outlet outlet;
    private final IpAddress guest;
    private final int guestPort;
    private final DatagramChannel channel;
    /** The longest unused one first. */
    private final Map<InetSocketAddress, Flow> flows = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<Flow, InetSocketAddress> clients = new HashMap<>();

    /** Binds the port; datagrams are received when the loop runs. @throws IOException with the address in its message */
    public UdpForwarder(UdpTable table, Access access, EventLoop loop, Outlet outlet, PortForward forward, IpAddress guest)
            throws IOException {
        this.table = table;
        this.access = access;
        this.outlet = outlet;
        this.guest = guest;
        this.guestPort = forward.guestPort();
        channel = DatagramChannel.open();
        try {
            channel.bind(forward.host());
            loop.register(channel, SelectionKey.OP_READ, this::ready);
        } catch (IOException e) {
            EventLoop.close(channel);
            throw explained(forward, e);
        }
    }

    static IOException explained(PortForward forward, IOException e) {
        return new IOException("port " + forward.host().getPort() + " of " + forward.host().getAddress().getHostAddress()
                + " cannot be forwarded: " + e.getMessage() + "; choose another one or end what uses it", e);
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    private void ready() {
        try {
            for (int i = 0; i < DATAGRAMS_PER_TURN; i++) {
                ByteBuffer buffer = outlet.buffer();
                buffer.limit(Outlet.UDP_PAYLOAD + Outlet.MAX_UDP_PAYLOAD).position(Outlet.UDP_PAYLOAD);
                InetSocketAddress client = (InetSocketAddress) channel.receive(buffer);
                int length = buffer.position() - Outlet.UDP_PAYLOAD;
                buffer.clear();
                if (client == null) {
                    return;
                }
                Flow flow = flow(client);
                if (flow != null) {
                    outlet.udp(flow.remote(), flow.remotePort(), guest, guestPort, length);
                }
            }
        } catch (IOException e) {
            // of one datagram; the next may fare better
        }
    }

    private Flow flow(InetSocketAddress client) {
        Flow flow = flows.get(client);
        if (flow != null) {
            return flow;
        }
        if (flows.size() == MAX_CLIENTS) {
            Flow oldest = flows.remove(flows.keySet().iterator().next());
            clients.remove(oldest);
            table.removeForwarded(oldest);
        }
        IpAddress remote = access.inside(client.getAddress(), guest);
        for (int i = 0; i <= MAX_CLIENTS; i++) {
            int port = (client.getPort() + i - FIRST_PORT & PORTS - 1) % (PORTS - FIRST_PORT) + FIRST_PORT;
            flow = new Flow(guest, guestPort, remote, i == 0 ? client.getPort() : port);
            if (table.addForwarded(flow, this)) {
                flows.put(client, flow);
                clients.put(flow, client);
                return flow;
            }
        }
        return null;
    }

    /** The guest has sent something back. */
    void answer(Flow flow, ByteBuffer payload) {
        InetSocketAddress client = clients.get(flow);
        try {
            flows.get(client); // is in use
            channel.send(payload, client);
        } catch (IOException e) {
            // lost, as datagrams may be
        }
    }

    @Override
    public void close() {
        clients.keySet().forEach(table::removeForwarded);
        EventLoop.close(channel);
    }
}
