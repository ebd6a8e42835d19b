package org.lodgevm.net.user.ip;

import java.nio.ByteBuffer;
import org.lodgevm.net.packet.Arp;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Ipv6;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.NeighborDiscovery;
import org.lodgevm.net.user.plan.NetworkPlan;

/** The question for a neighbor's Ethernet address, by ARP or by neighbor discovery. @rfc 826, @rfc 4861 4.3 */
final class Solicitation {
    private Solicitation() {}

    /** Writes a whole frame, from 0 to the buffer's limit, which is set. */
    static void write(ByteBuffer frame, NetworkPlan plan, IpAddress address) {
        frame.clear();
        int end = address.isV4() ? arp(frame, plan, address) : discovery(frame, plan, address);
        frame.limit(end);
    }

    private static int arp(ByteBuffer frame, NetworkPlan plan, IpAddress address) {
        int at = Ethernet.write(frame, 0, MacAddress.BROADCAST, plan.mac(), Ethernet.ARP);
        Arp.write(frame, at, Arp.REQUEST, plan.mac(), plan.gateway(), new MacAddress(0), address);
        return at + Arp.SIZE;
    }

    private static int discovery(ByteBuffer frame, NetworkPlan plan, IpAddress address) {
        IpAddress group = address.solicitedNode();
        IpAddress source = plan.linkLocal();
        int ipAt = Ethernet.write(frame, 0, MacAddress.ofMulticast(group), plan.mac(), Ethernet.IPV6);
        int messageAt = ipAt + Ipv6.HEADER_SIZE;
        int targetAt = messageAt + Icmp.HEADER_SIZE;
        address.write(frame, targetAt);
        int end = NeighborDiscovery.writeLinkAddress(frame, targetAt + IpAddress.V6_SIZE,
                NeighborDiscovery.SOURCE_LINK_ADDRESS, plan.mac());
        Icmp.write(frame, messageAt, source, group, NeighborDiscovery.NEIGHBOR_SOLICITATION, 0, 0, end - targetAt);
        IpPacket.write(frame, ipAt, source, group, IpPacket.ICMPV6, end - messageAt, NeighborDiscovery.HOP_LIMIT);
        return end;
    }
}
