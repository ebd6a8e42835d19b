package org.lodgevm.net.user.service;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.loop.Timer;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.NeighborDiscovery;
import org.lodgevm.net.user.ip.Neighbors;
import org.lodgevm.net.user.ip.Outlet;
import org.lodgevm.net.user.plan.NetworkPlan;

/** The router of the IPv6 link: advertises itself and the prefix, and answers for the stack's addresses. @rfc 4861 6.2, 7.2 */
public final class RouterAdvertiser {
    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
    private static final int HOP_LIMIT = 64;
    private static final int ROUTER_LIFETIME_SECONDS = 1800;
    private static final int PREFIX_LIFETIME_SECONDS = 86_400;
    private static final long INTERVAL = TimeUnit.MINUTES.toNanos(7);

    /** At most one to all in so long. @rfc 4861 10: MIN_DELAY_BETWEEN_RAS is 3 seconds; guests boot faster */
    private static final long MIN_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

    private final NetworkPlan plan;
    private final Outlet outlet;
    private final Neighbors neighbors;
    private final EventLoop loop;
    private final Timer timer;
    private long last;

    public RouterAdvertiser(NetworkPlan plan, Outlet outlet, Neighbors neighbors, EventLoop loop) {
        this.plan = plan;
        this.outlet = outlet;
        this.neighbors = neighbors;
        this.loop = loop;
        timer = loop.timer(this::advertise);
        last = loop.nanos() - MIN_INTERVAL;
    }

    public void receive(IpPacket packet, Icmp icmp) {
        NeighborDiscovery message = NeighborDiscovery.parse(packet, icmp);
        if (message == null) {
            return;
        }
        switch (message.type()) {
            case NeighborDiscovery.ROUTER_SOLICITATION -> {
                learn(packet.source(), message.linkAddress(NeighborDiscovery.SOURCE_LINK_ADDRESS));
                solicited();
            }
            case NeighborDiscovery.NEIGHBOR_SOLICITATION -> answer(packet, message);
            case NeighborDiscovery.NEIGHBOR_ADVERTISEMENT ->
                    learn(message.target(), message.linkAddress(NeighborDiscovery.TARGET_LINK_ADDRESS));
            default -> {
                // another router's
            }
        }
    }

    private void learn(IpAddress address, MacAddress mac) {
        if (mac != null) {
            neighbors.learn(address, mac);
        }
    }

    private void answer(IpPacket packet, NeighborDiscovery solicitation) {
        IpAddress target = solicitation.target();
        MacAddress mac = solicitation.linkAddress(NeighborDiscovery.SOURCE_LINK_ADDRESS);
        learn(packet.source(), mac);
        if (!plan.isOwn(target)) {
            return;
        }
        boolean probe = packet.source().isUnspecified(); // by somebody who is about to use that address. RFC 4862 5.4.3
        IpAddress to = probe ? ALL_NODES : packet.source();
        ByteBuffer buffer = outlet.buffer();
        target.write(buffer, Outlet.ICMP_PAYLOAD);
        int end = NeighborDiscovery.writeLinkAddress(buffer, Outlet.ICMP_PAYLOAD + IpAddress.V6_SIZE,
                NeighborDiscovery.TARGET_LINK_ADDRESS, plan.mac());
        int flags = NeighborDiscovery.FROM_ROUTER | NeighborDiscovery.OVERRIDE | (probe ? 0 : NeighborDiscovery.SOLICITED);
        MacAddress receiver = probe || mac == null ? MacAddress.ofMulticast(ALL_NODES) : mac;
        outlet.discovery(receiver, target, to, NeighborDiscovery.NEIGHBOR_ADVERTISEMENT, flags, end - Outlet.ICMP_PAYLOAD);
    }

    private void solicited() {
        if (loop.nanos() - last >= MIN_INTERVAL) {
            advertise();
        } else {
            timer.arm(last + MIN_INTERVAL);
        }
    }

    /** @rfc 4861 4.2 */
    private void advertise() {
        last = loop.nanos();
        timer.arm(last + INTERVAL);
        ByteBuffer buffer = outlet.buffer();
        int at = Outlet.ICMP_PAYLOAD;
        buffer.putLong(at, 0); // reachable time and retransmission timer: the hosts' own
        at = NeighborDiscovery.writeLinkAddress(buffer, at + Long.BYTES, NeighborDiscovery.SOURCE_LINK_ADDRESS, plan.mac());
        at = NeighborDiscovery.writePrefix(buffer, at, plan.network6(), PREFIX_LIFETIME_SECONDS);
        at = NeighborDiscovery.writeMtu(buffer, at, plan.mtu());
        at = NeighborDiscovery.writeRdnss(buffer, at, List.of(plan.dns6()), PREFIX_LIFETIME_SECONDS);
        int rest = HOP_LIMIT << 24 | NeighborDiscovery.OTHER_CONFIGURATION << 16 | ROUTER_LIFETIME_SECONDS;
        outlet.discovery(MacAddress.ofMulticast(ALL_NODES), plan.linkLocal(), ALL_NODES,
                NeighborDiscovery.ROUTER_ADVERTISEMENT, rest, at - Outlet.ICMP_PAYLOAD);
    }
}
