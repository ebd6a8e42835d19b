package org.lodgevm.net.user.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lodgevm.net.packet.Dhcp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.Udp;
import org.lodgevm.net.user.ip.Neighbors;
import org.lodgevm.net.user.ip.Outlet;
import org.lodgevm.net.user.plan.NetworkPlan;

/**
 * Gives addresses to guests: the first one to the first, and the same again to whoever had it. When all are given away, the one that was asked
 * for longest ago is given to somebody else.
 *
 * @rfc 2131 4.3
 */
public final class DhcpServer {
    private static final int MAX_LEASES = 64;
    private static final int LEASE_SECONDS = 86_400;
    private static final int ETHERNET_MTU = 1500;

    private final NetworkPlan plan;
    private final Outlet outlet;
    private final Neighbors neighbors;
    private final String hostName;
    /** The longest unused one first. */
    private final Map<MacAddress, IpAddress> leases = new LinkedHashMap<>(16, 0.75f, true);

    private final int limit;

    /** @param hostName for guests, or null */
    public DhcpServer(NetworkPlan plan, Outlet outlet, Neighbors neighbors, String hostName) {
        this.plan = plan;
        this.outlet = outlet;
        this.neighbors = neighbors;
        this.hostName = hostName;
        limit = Math.min(MAX_LEASES, plan.broadcast().v4() - plan.firstLease().v4());
    }

    public void receive(Udp datagram) {
        Dhcp request = Dhcp.parse(datagram.payload());
        if (request == null || request.op() != Dhcp.BOOT_REQUEST || request.clientMac().isGroup()) {
            return;
        }
        IpAddress server = request.address(Dhcp.SERVER_IDENTIFIER);
        if (server != null && !server.equals(plan.gateway())) {
            if (request.messageType() == Dhcp.REQUEST) {
                leases.remove(request.clientMac()); // it has taken somebody else's offer
            }
            return;
        }
        switch (request.messageType()) {
            case Dhcp.DISCOVER -> lease(request, Dhcp.OFFER);
            case Dhcp.REQUEST -> confirm(request);
            case Dhcp.INFORM -> inform(request);
            case Dhcp.RELEASE, Dhcp.DECLINE -> leases.remove(request.clientMac());
            default -> {
                // a server's, or BOOTP's
            }
        }
    }

    /** @rfc 2131 4.3.2 */
    private void confirm(Dhcp request) {
        IpAddress requested = request.address(Dhcp.REQUESTED_ADDRESS);
        IpAddress wanted = requested == null ? request.clientAddress() : requested;
        if (wanted.equals(addressOf(request.clientMac(), wanted))) {
            lease(request, Dhcp.ACK);
        } else {
            ByteBuffer reply = reply();
            int length = Dhcp.Writer.replying(reply, request)
                    .bytes(Dhcp.MESSAGE_TYPE, (byte) Dhcp.NAK)
                    .address(Dhcp.SERVER_IDENTIFIER, plan.gateway())
                    .end();
            send(IpAddress.V4_BROADCAST, MacAddress.BROADCAST, length);
        }
    }

    private void lease(Dhcp request, int type) {
        IpAddress address = addressOf(request.clientMac(), request.address(Dhcp.REQUESTED_ADDRESS));
        Dhcp.Writer writer = Dhcp.Writer.replying(reply(), request)
                .yourAddress(address)
                .clientAddress(type == Dhcp.ACK ? request.clientAddress() : IpAddress.V4_UNSPECIFIED)
                .serverAddress(plan.gateway())
                .bytes(Dhcp.MESSAGE_TYPE, (byte) type)
                .address(Dhcp.SERVER_IDENTIFIER, plan.gateway())
                .number(Dhcp.LEASE_TIME, LEASE_SECONDS);
        parameters(writer);
        if (type == Dhcp.ACK) {
            neighbors.learn(address, request.clientMac());
        }
        reply(request, address, writer.end());
    }

    private void inform(Dhcp request) {
        Dhcp.Writer writer = Dhcp.Writer.replying(reply(), request)
                .clientAddress(request.clientAddress())
                .bytes(Dhcp.MESSAGE_TYPE, (byte) Dhcp.ACK)
                .address(Dhcp.SERVER_IDENTIFIER, plan.gateway());
        parameters(writer);
        send(request.clientAddress(), request.clientMac(), writer.end());
    }

    private void parameters(Dhcp.Writer writer) {
        writer.address(Dhcp.SUBNET_MASK, plan.netmask())
                .address(Dhcp.BROADCAST_ADDRESS, plan.broadcast())
                .address(Dhcp.ROUTER, plan.gateway())
                .address(Dhcp.DNS_SERVERS, plan.dns());
        if (plan.mtu() != ETHERNET_MTU) {
            writer.bytes(Dhcp.INTERFACE_MTU, (byte) (plan.mtu() >> 8), (byte) plan.mtu());
        }
        if (hostName != null) {
            writer.bytes(Dhcp.HOST_NAME, hostName.getBytes(US_ASCII));
        }
    }

    /** To a client that has no address yet. @rfc 2131 4.1 */
    private void reply(Dhcp request, IpAddress address, int length) {
        if (!request.clientAddress().isUnspecified()) {
            send(request.clientAddress(), request.clientMac(), length);
        } else if (request.wantsBroadcast()) {
            send(IpAddress.V4_BROADCAST, MacAddress.BROADCAST, length);
        } else {
            send(address, request.clientMac(), length);
        }
    }

    /** Where a reply is written. */
    private ByteBuffer reply() {
        return outlet.buffer().slice(Outlet.UDP_PAYLOAD, Outlet.MAX_UDP_PAYLOAD);
    }

    private void send(IpAddress to, MacAddress mac, int length) {
        outlet.udpTo(mac, plan.gateway(), Dhcp.SERVER_PORT, to, Dhcp.CLIENT_PORT, length);
    }

    /** The address that a client has, or gets now: the one it wants, if it can be. */
    private IpAddress addressOf(MacAddress client, IpAddress wanted) {
        IpAddress address = leases.get(client);
        if (address == null) {
            address = wanted != null && isLeasable(wanted) && !leases.containsValue(wanted) ? wanted : free();
            leases.put(client, address);
        }
        return address;
    }

    private boolean isLeasable(IpAddress address) {
        int number = address.v4() - plan.firstLease().v4();
        return address.isV4() && number >= 0 && number < limit;
    }

    private IpAddress free() {
        for (int i = 0; i < limit; i++) {
            IpAddress address = IpAddress.v4(plan.firstLease().v4() + i);
            if (!leases.containsValue(address)) {
                return address;
            }
        }
        return leases.remove(leases.keySet().iterator().next());
    }
}
