package org.lodgevm.net.user;

import java.net.InetAddress;
import org.lodgevm.net.Frame;
import org.lodgevm.net.packet.Arp;
import org.lodgevm.net.packet.Dhcp;
import org.lodgevm.net.packet.Dhcpv6;
import org.lodgevm.net.packet.Dns;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.Udp;
import org.lodgevm.net.user.ip.Complaints;
import org.lodgevm.net.user.ip.Echo;
import org.lodgevm.net.user.ip.Fragments;
import org.lodgevm.net.user.ip.Neighbors;
import org.lodgevm.net.user.ip.Outlet;
import org.lodgevm.net.user.nat.Access;
import org.lodgevm.net.user.nat.TcpTable;
import org.lodgevm.net.user.nat.UdpTable;
import org.lodgevm.net.user.plan.NetworkPlan;
import org.lodgevm.net.user.service.DhcpServer;
import org.lodgevm.net.user.service.Dhcpv6Server;
import org.lodgevm.net.user.service.DnsForwarder;
import org.lodgevm.net.user.service.RouterAdvertiser;

/** Takes a guest's frames apart and hands what is in them to whom it concerns. What is malformed is dropped. */
final class IpInput {
    /** What the stack itself offers. */
    record Services(DhcpServer dhcp, Dhcpv6Server dhcpv6, DnsForwarder dns, RouterAdvertiser router) {}

    private final Access access;
    private final NetworkPlan plan;
    private final Neighbors neighbors;
    private final Outlet outlet;
    private final Fragments fragments;
    private final Complaints complaints;
    private final Echo echo;
    private final Services services;
    private final TcpTable tcp;
    private final UdpTable udp;

    IpInput(Access access, Neighbors neighbors, Outlet outlet, Fragments fragments, Complaints complaints, Echo echo,
            Services services, TcpTable tcp, UdpTable udp) {
        this.access = access;
        this.plan = access.plan();
        this.neighbors = neighbors;
        this.outlet = outlet;
        this.fragments = fragments;
        this.complaints = complaints;
        this.echo = echo;
        this.services = services;
        this.tcp = tcp;
        this.udp = udp;
    }

    void receive(Frame frame) {
        Ethernet ethernet = Ethernet.parse(frame.bytes());
        if (ethernet == null || !isForUs(ethernet.destination())) {
            return;
        }
        int end = frame.bytes().limit();
        if (ethernet.type() == Ethernet.ARP) {
            Arp arp = Arp.parse(frame.bytes(), ethernet.payloadAt(), end);
            if (arp != null) {
                arp(arp);
            }
            return;
        }
        IpPacket packet = IpPacket.parse(ethernet.type(), frame.bytes(), ethernet.payloadAt(), end);
        boolean verify = !frame.offload().needsChecksum();
        if (packet != null && packet.isFragment()) {
            packet = fragments.add(packet);
            verify = true;
        }
        if (packet != null && isPlausible(packet.source())) {
            dispatch(packet, verify, ethernet.source());
        }
    }

    private boolean isForUs(MacAddress destination) {
        return destination.isGroup() || destination.equals(plan.mac());
    }

    /** A guest's address, or none yet. */
    private boolean isPlausible(IpAddress source) {
        return plan.isGuest(source) || source.isUnspecified();
    }

    /** @rfc 826 */
    private void arp(Arp arp) {
        neighbors.learn(arp.senderIp(), arp.senderMac());
        if (arp.operation() == Arp.REQUEST && plan.isOwn(arp.targetIp()) && !arp.senderMac().isGroup()) {
            outlet.arpReply(arp.senderMac(), arp.targetIp(), arp.senderIp());
        }
    }

    private void dispatch(IpPacket packet, boolean verify, MacAddress from) {
        switch (packet.protocol()) {
            case IpPacket.TCP -> {
                Tcp segment = Tcp.parse(packet, verify);
                if (segment != null && plan.isGuest(packet.source()) && !isToMany(packet.destination())) {
                    tcp.receive(packet, segment);
                }
            }
            case IpPacket.UDP -> {
                Udp datagram = Udp.parse(packet, verify);
                if (datagram != null) {
                    udp(packet, datagram, from);
                }
            }
            case IpPacket.ICMP, IpPacket.ICMPV6 -> {
                Icmp message = Icmp.parse(packet);
                if (message != null && packet.protocol() == Icmp.Version.of(packet.source()).protocol) {
                    icmp(packet, message);
                }
            }
            default -> complaints.prohibited(packet);
        }
    }

    private boolean isToMany(IpAddress destination) {
        return destination.isMulticast() || destination.equals(plan.broadcast()) || destination.equals(IpAddress.V4_BROADCAST);
    }

    private void udp(IpPacket packet, Udp datagram, MacAddress from) {
        IpAddress destination = packet.destination();
        boolean toMany = isToMany(destination);
        int port = datagram.destinationPort();
        if (port == Dhcp.SERVER_PORT && destination.isV4() && (toMany || plan.isGateway(destination))) {
            services.dhcp.receive(datagram);
        } else if (port == Dhcpv6.SERVER_PORT && (destination.equals(Dhcpv6.SERVERS) || plan.isOwn(destination))) {
            services.dhcpv6.receive(packet, datagram, from);
        } else if (toMany || !plan.isGuest(packet.source())) {
            return; // nobody else listens to everybody
        } else if (!plan.isDns(destination)) {
            udp.send(packet, datagram);
        } else if (port == Dns.PORT && !access.restricted()) {
            services.dns.receive(packet, datagram);
        } else {
            complaints.portUnreachable(packet);
        }
    }

    private void icmp(IpPacket packet, Icmp message) {
        if (!packet.source().isV4() && message.type() >= NEIGHBOR_DISCOVERY) {
            services.router.receive(packet, message);
            return;
        }
        if (message.type() != Icmp.Version.of(packet.source()).echoRequest || !plan.isGuest(packet.source())) {
            return;
        }
        if (plan.isOwn(packet.destination())) {
            echo.reply(packet, message);
            return;
        }
        InetAddress target = access.outside(packet.destination());
        if (target != null) {
            echo.relay(packet, message, target);
        } else if (!isToMany(packet.destination())) {
            complaints.prohibited(packet);
        }
    }

    /** The first of the types that hosts on a link tell each other. */
    private static final int NEIGHBOR_DISCOVERY = 133;
}
