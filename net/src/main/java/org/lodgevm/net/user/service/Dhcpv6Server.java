package org.lodgevm.net.user.service;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.net.packet.Dhcpv6;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.Udp;
import org.lodgevm.net.user.ip.Outlet;
import org.lodgevm.net.user.plan.NetworkPlan;

/** Stateless DHCPv6: tells guests the DNS server. Addresses they make themselves. @rfc 8415 6.1, 18.3.6 */
public final class Dhcpv6Server {
    private final NetworkPlan plan;
    private final Outlet outlet;
    private final byte[] identifier;

    public Dhcpv6Server(NetworkPlan plan, Outlet outlet) {
        this.plan = plan;
        this.outlet = outlet;
        identifier = Dhcpv6.identifierOf(plan.mac());
    }

    /** @param client whose frame it was */
    public void receive(IpPacket packet, Udp datagram, MacAddress client) {
        Dhcpv6 request = Dhcpv6.parse(datagram.payload());
        if (request == null || request.type() != Dhcpv6.INFORMATION_REQUEST) {
            return;
        }
        byte[] server = request.option(Dhcpv6.SERVER_ID);
        if (server != null && !Arrays.equals(server, identifier)) {
            return;
        }
        ByteBuffer reply = outlet.buffer().slice(Outlet.UDP_PAYLOAD, Outlet.MAX_UDP_PAYLOAD);
        int at = Dhcpv6.write(reply, Dhcpv6.REPLY, request.transaction());
        byte[] clientIdentifier = request.identifier(Dhcpv6.CLIENT_ID);
        if (clientIdentifier != null) {
            at = Dhcpv6.writeOption(reply, at, Dhcpv6.CLIENT_ID, clientIdentifier);
        }
        at = Dhcpv6.writeOption(reply, at, Dhcpv6.SERVER_ID, identifier);
        at = Dhcpv6.writeAddresses(reply, at, Dhcpv6.DNS_SERVERS, List.of(plan.dns6()));
        outlet.udpTo(client, plan.linkLocal(), Dhcpv6.SERVER_PORT, packet.source(), Dhcpv6.CLIENT_PORT, at);
    }
}
