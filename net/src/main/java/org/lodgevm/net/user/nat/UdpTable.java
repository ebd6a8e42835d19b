package org.lodgevm.net.user.nat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.loop.Timer;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Udp;
import org.lodgevm.net.user.ip.Complaints;
import org.lodgevm.net.user.ip.Outlet;

/**
 * The ways of UDP datagrams. A guest's port has one port of the host, whatever it sends to (endpoint-independent mapping), and gets
 * answers from those that it has sent to (address-dependent filtering).
 *
 * @rfc 4787 4.1, 4.3, 5
 */
public final class UdpTable {
    private static final long IDLE = TimeUnit.MINUTES.toNanos(5);
    private static final long SWEEP = TimeUnit.SECONDS.toNanos(15);

    private record GuestPort(IpAddress guest, int port) {}

    private final Access access;
    private final EventLoop loop;
    private final Outlet outlet;
    private final Complaints complaints;
    private final int limit;
    private final Timer sweep;
    /** The longest unused one first. */
    private final Map<GuestPort, UdpMapping> mappings = new LinkedHashMap<>(16, 0.75f, true);
    /** What guests answer to somebody who came by a forwarded port. */
    private final Map<Flow, UdpForwarder> forwarded = new HashMap<>();

    public UdpTable(Access access, EventLoop loop, Outlet outlet, Complaints complaints, int limit) {
        this.access = access;
        this.loop = loop;
        this.outlet = outlet;
        this.complaints = complaints;
        this.limit = limit;
        sweep = loop.timer(this::sweep);
    }

    /** A datagram that is intact, from a guest to anywhere but the stack's own services. */
    public void send(IpPacket packet, Udp datagram) {
        Flow flow = new Flow(packet.source(), datagram.sourcePort(), packet.destination(), datagram.destinationPort());
        UdpForwarder forwarder = forwarded.get(flow);
        if (forwarder != null) {
            forwarder.answer(flow, datagram.payload());
            return;
        }
        InetAddress target = access.outside(packet.destination());
        if (target == null || datagram.destinationPort() == 0) {
            complaints.prohibited(packet);
            return;
        }
        try {
            mapping(packet.source(), datagram.sourcePort())
                    .send(datagram.payload(), packet.destination(), new InetSocketAddress(target, datagram.destinationPort()));
        } catch (IOException e) {
            complaints.hostUnreachable(packet);
        }
    }

    private UdpMapping mapping(IpAddress guest, int port) throws IOException {
        GuestPort key = new GuestPort(guest, port);
        UdpMapping mapping = mappings.get(key);
        if (mapping == null) {
            if (mappings.size() >= limit) {
                UdpMapping oldest = mappings.remove(mappings.keySet().iterator().next());
                oldest.close();
            }
            mapping = new UdpMapping(access, loop, outlet, guest, port);
            mappings.put(key, mapping);
            sweep.arm(loop.nanos() + SWEEP);
        }
        return mapping;
    }

    private void sweep() {
        long before = loop.nanos() - IDLE;
        mappings.values().removeIf(mapping -> {
            boolean idle = mapping.lastUsed() - before < 0;
            if (idle) {
                mapping.close();
            }
            return idle;
        });
        if (!mappings.isEmpty()) {
            sweep.arm(loop.nanos() + SWEEP);
        }
    }

    /** @return false if guests have a conversation like that already */
    boolean addForwarded(Flow flow, UdpForwarder forwarder) {
        return forwarded.putIfAbsent(flow, forwarder) == null;
    }

    void removeForwarded(Flow flow) {
        forwarded.remove(flow);
    }

    /** Forgets all mappings: the guest has been reset. */
    public void closeAll() {
        new ArrayList<>(mappings.values()).forEach(UdpMapping::close);
        mappings.clear();
    }

    public int size() {
        return mappings.size();
    }
}
