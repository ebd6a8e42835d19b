package org.lodgevm.net.user.nat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.packet.Dns;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.TcpOptions;
import org.lodgevm.net.tcp.BufferPool;
import org.lodgevm.net.tcp.TcpEndpoint;
import org.lodgevm.net.tcp.TcpState;
import org.lodgevm.net.user.ip.Complaints;
import org.lodgevm.net.user.ip.Outlet;
import org.lodgevm.net.user.plan.NetworkPlan;
import org.lodgevm.net.user.service.Resolvers;

/** All TCP connections of a stack. */
public final class TcpTable {
    private static final TcpEndpoint.Settings SETTINGS = new TcpEndpoint.Settings(1 << 19, 1 << 19);

    /** Ports that connections from the host get when their own is taken. */
    private static final int FIRST_DYNAMIC_PORT = 49_152;

    private static final int DYNAMIC_PORTS = 65_536 - FIRST_DYNAMIC_PORT;

    private final NetworkPlan plan;
    private final Access access;
    private final EventLoop loop;
    private final Outlet outlet;
    private final Complaints complaints;
    private final Resolvers resolvers;
    private final BufferPool pool;
    private final int limit;
    private final Map<Flow, TcpProxy> connections = new HashMap<>();
    /** Connections whose endpoints may have something to send. */
    private final Deque<TcpProxy> pending = new ArrayDeque<>();

    private final TcpOptions options = new TcpOptions();
    private final SecureRandom random = new SecureRandom();

    public TcpTable(Access access, EventLoop loop, Outlet outlet, Complaints complaints, Resolvers resolvers, BufferPool pool,
            int limit) {
        this.plan = access.plan();
        this.access = access;
        this.loop = loop;
        this.outlet = outlet;
        this.complaints = complaints;
        this.resolvers = resolvers;
        this.pool = pool;
        this.limit = limit;
    }

    // ---- from the guest -------------------------------------------------------------------------------------------

    /** A segment that is intact. */
    public void receive(IpPacket packet, Tcp segment) {
        Flow flow = new Flow(packet.source(), segment.sourcePort(), packet.destination(), segment.destinationPort());
        boolean opening = (segment.flags() & (Tcp.SYN | Tcp.ACK | Tcp.RST)) == Tcp.SYN;
        TcpProxy proxy = connections.get(flow);
        if (proxy != null && opening && proxy.endpoint().state() == TcpState.TIME_WAIT) {
            proxy.abort(); // the same ports again. RFC 9293 3.6.1
            proxy = null;
        }
        if (proxy != null) {
            options.parse(segment);
            proxy.endpoint().segment(segment, options);
            changed(proxy);
        } else if (opening) {
            open(flow, packet, segment);
        } else if (!segment.has(Tcp.RST)) {
            reject(flow, segment);
        }
    }

    private void open(Flow flow, IpPacket packet, Tcp segment) {
        List<InetSocketAddress> targets = targets(flow);
        if (targets.isEmpty() || flow.remotePort() == 0 || !hasRoom()) {
            reject(flow, segment);
            return;
        }
        TcpProxy proxy = add(flow);
        options.parse(segment);
        proxy.endpoint().hold(segment, options);
        proxy.connect(targets, Complaints.quote(packet));
        changed(proxy);
    }

    /** Where on the host's side a connection goes, by preference; empty if it may not. */
    private List<InetSocketAddress> targets(Flow flow) {
        if (plan.isDns(flow.remote())) {
            return flow.remotePort() == Dns.PORT && !access.restricted() ? resolvers.current() : List.of();
        }
        InetAddress outside = access.outside(flow.remote());
        return outside == null ? List.of() : List.of(new InetSocketAddress(outside, flow.remotePort()));
    }

    /** @rfc 9293 3.10.7.1 */
    private void reject(Flow flow, Tcp segment) {
        boolean acknowledges = segment.has(Tcp.ACK);
        int sequence = acknowledges ? segment.acknowledgment() : 0;
        int acknowledgment = acknowledges ? 0 : segment.sequence() + segment.sequenceLength();
        Tcp.write(outlet.buffer(), Outlet.MESSAGE, flow.remotePort(), flow.guestPort(), sequence, acknowledgment,
                acknowledges ? Tcp.RST : Tcp.RST | Tcp.ACK, 0, 0);
        outlet.tcp(flow.remote(), flow.guest(), Tcp.HEADER_SIZE, 0, 0);
    }

    /** Whether there may be another connection. One that is over but not yet forgotten gives way to it. */
    private boolean hasRoom() {
        if (connections.size() >= limit) {
            connections.values().stream()
                    .filter(proxy -> proxy.endpoint().state() == TcpState.TIME_WAIT)
                    .findAny()
                    .ifPresent(TcpProxy::abort);
        }
        return connections.size() < limit;
    }

    private TcpProxy add(Flow flow) {
        int mss = plan.mtu() - IpPacket.headerSize(flow.guest()) - Tcp.HEADER_SIZE;
        var identity = new TcpEndpoint.Identity(flow.remotePort(), flow.guestPort(), mss, random.nextInt(), random.nextInt());
        TcpProxy proxy = new TcpProxy(this, flow, loop, outlet, pool, SETTINGS, identity);
        connections.put(flow, proxy);
        return proxy;
    }

    // ---- from the host --------------------------------------------------------------------------------------------

    /** Connects a socket that a forwarded port accepted to a guest. */
    void accepted(SocketChannel channel, IpAddress guest, int guestPort) throws IOException {
        Flow flow = hasRoom() ? freeFlow(guest, guestPort, (InetSocketAddress) channel.getRemoteAddress()) : null;
        if (flow == null) {
            channel.close();
            return;
        }
        TcpProxy proxy = add(flow);
        proxy.adopt(channel);
        changed(proxy);
    }

    private Flow freeFlow(IpAddress guest, int guestPort, InetSocketAddress client) {
        IpAddress remote = access.inside(client.getAddress(), guest);
        Flow flow = new Flow(guest, guestPort, remote, client.getPort());
        for (int tries = 0; tries < DYNAMIC_PORTS && connections.containsKey(flow); tries++) {
            flow = new Flow(guest, guestPort, remote, FIRST_DYNAMIC_PORT + random.nextInt(DYNAMIC_PORTS));
        }
        return connections.containsKey(flow) ? null : flow;
    }

    /** A guest does not answer: its connections are over. */
    public void unreachable(IpAddress guest) {
        for (TcpProxy proxy : new ArrayList<>(connections.values())) {
            if (proxy.flow().guest().equals(guest) && proxy.endpoint().state() == TcpState.SYN_SENT) {
                proxy.abort();
            }
        }
    }

    // ---- what connections report ----------------------------------------------------------------------------------

    /** An endpoint may have something to send. */
    void changed(TcpProxy proxy) {
        if (proxy.enqueue()) {
            pending.add(proxy);
        }
    }

    void closed(TcpProxy proxy) {
        connections.remove(proxy.flow(), proxy);
    }

    /** The host's side of a guest's connection cannot be reached. */
    void hostUnreachable(TcpProxy proxy, byte[] quote) {
        complaints.hostUnreachable(proxy.flow().guest(), quote);
    }

    // ---- the turn of the loop -------------------------------------------------------------------------------------

    /** Has all endpoints send what they have, as long as the guest has room. */
    public void output() {
        if (pool.relieved()) {
            connections.values().forEach(TcpProxy::resume);
        }
        while (!pending.isEmpty() && !outlet.isBlocked()) {
            TcpProxy proxy = pending.remove();
            proxy.output();
        }
    }

    /** Ends every connection: the guest has been reset. */
    public void abortAll() {
        new ArrayList<>(connections.values()).forEach(TcpProxy::abort);
    }

    public int size() {
        return connections.size();
    }
}
