package org.lodgevm.net.user;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.net.packet.Arp;
import org.lodgevm.net.packet.Dhcp;
import org.lodgevm.net.packet.Dhcpv6;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Ipv4;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.NeighborDiscovery;
import org.lodgevm.net.packet.Udp;

class UserNetworkTest {
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private UserNetwork network;

    private Guest guest(UserNetwork.Builder builder) throws Exception {
        network = builder.failures(failures::add).start();
        return new Guest(network.link());
    }

    private Guest guest() throws Exception {
        return guest(UserNetwork.builder());
    }

    @AfterEach
    void nothingFailedInside() {
        network.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void theGatewayAnswersArpAndPing() throws Exception {
        Guest guest = guest();
        guest.sendArp(Arp.REQUEST, Guest.GATEWAY);
        Arp reply = guest.await(frame -> Arp.parse(frame.bytes(), Guest.HEADER, frame.bytes().limit()));
        assertThat(reply.operation()).isEqualTo(Arp.REPLY);
        assertThat(reply.senderIp()).isEqualTo(Guest.GATEWAY);
        assertThat(reply.senderMac()).isEqualTo(MacAddress.parse("52:55:0a:00:02:02"));

        guest.ping(Guest.IP, Guest.GATEWAY, 0x1234_0001, new byte[1400]);
        Guest.Message message = guest.awaitIcmp(Icmp.Version.V4.echoReply);
        assertThat(message.icmp().rest()).isEqualTo(0x1234_0001);
        assertThat(message.icmp().payloadLength()).isEqualTo(1400);
    }

    @Test
    void theGatewayAnswersPingOverIpv6AndFindsTheGuestByItself() throws Exception {
        Guest guest = guest();
        guest.ping(Guest.IP6, Guest.GATEWAY6, 7, (byte) 1, (byte) 2);
        Guest.Message reply = guest.awaitIcmp(Icmp.Version.V6.echoReply);
        assertThat(reply.packet().source()).isEqualTo(Guest.GATEWAY6);
        assertThat(reply.icmp().payloadLength()).isEqualTo(2);
    }

    @Test
    void dhcpGivesTheAddressesThatUsersOfQemuKnow() throws Exception {
        Guest guest = guest(UserNetwork.builder().hostName("box"));
        Dhcp offer = dhcp(guest, Guest.MAC, Dhcp.DISCOVER, null);
        assertThat(offer.messageType()).isEqualTo(Dhcp.OFFER);
        Dhcp ack = dhcp(guest, Guest.MAC, Dhcp.REQUEST, offer.yourAddress());
        assertThat(ack.messageType()).isEqualTo(Dhcp.ACK);
        assertThat(ack.yourAddress()).isEqualTo(Guest.IP);
        assertThat(ack.address(Dhcp.ROUTER)).isEqualTo(Guest.GATEWAY);
        assertThat(ack.address(Dhcp.DNS_SERVERS)).isEqualTo(Guest.DNS);
        assertThat(ack.address(Dhcp.SUBNET_MASK)).isEqualTo(IpAddress.parse("255.255.255.0"));
    }

    @Test
    void dhcpClientsGetAddressesOfTheirOwnAndNoOthers() throws Exception {
        Guest guest = guest();
        MacAddress second = MacAddress.parse("52:54:00:00:00:02");
        dhcp(guest, Guest.MAC, Dhcp.DISCOVER, null);
        assertThat(dhcp(guest, second, Dhcp.DISCOVER, Guest.IP).yourAddress()).isEqualTo(IpAddress.parse("10.0.2.16"));
        assertThat(dhcp(guest, second, Dhcp.REQUEST, Guest.IP).messageType()).isEqualTo(Dhcp.NAK);
        assertThat(dhcp(guest, Guest.MAC, Dhcp.REQUEST, Guest.IP).messageType()).isEqualTo(Dhcp.ACK);
        for (int i = 0; i < 300; i++) {
            dhcp(guest, new MacAddress(0x5254_0000_1000L + i), Dhcp.DISCOVER, null); // more than there are addresses
        }
    }

    private static Dhcp dhcp(Guest guest, MacAddress client, int type, IpAddress requested) throws InterruptedException {
        ByteBuffer message = ByteBuffer.allocate(600);
        Dhcp.Writer writer = new Dhcp.Writer(message, Dhcp.BOOT_REQUEST, 77, client).bytes(Dhcp.MESSAGE_TYPE, (byte) type);
        if (requested != null) {
            writer.address(Dhcp.REQUESTED_ADDRESS, requested);
        }
        byte[] bytes = new byte[writer.end()];
        message.get(0, bytes);
        guest.udp(IpAddress.V4_UNSPECIFIED, Dhcp.CLIENT_PORT, IpAddress.V4_BROADCAST, Dhcp.SERVER_PORT, bytes);
        Dhcp reply = Dhcp.parse(guest.awaitUdp(Dhcp.CLIENT_PORT).udp().payload());
        assertThat(reply.xid()).isEqualTo(77);
        assertThat(reply.clientMac()).isEqualTo(client);
        return reply;
    }

    @Test
    void aRouterSolicitationIsAnsweredWithThePrefix() throws Exception {
        Guest guest = guest();
        ByteBuffer frame = ByteBuffer.allocate(100);
        IpAddress source = IpAddress.parse("fe80::15");
        IpAddress routers = IpAddress.parse("ff02::2");
        Icmp.write(frame, 54, source, routers, NeighborDiscovery.ROUTER_SOLICITATION, 0, 0, 0);
        guest.ip(frame, source, routers, IpPacket.ICMPV6, 8, 255);
        Guest.Message message = guest.awaitIcmp(NeighborDiscovery.ROUTER_ADVERTISEMENT);
        NeighborDiscovery advertisement = NeighborDiscovery.parse(message.packet(), message.icmp());
        assertThat(advertisement.linkAddress(NeighborDiscovery.SOURCE_LINK_ADDRESS)).isEqualTo(guest.gatewayMac);
        byte[] bytes = new byte[message.icmp().payloadLength()];
        message.packet().bytes().get(message.icmp().payloadAt(), bytes);
        assertThat(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)).contains("\u00fe\u00c0\0\0\0\0\0\0");
    }

    @Test
    void dhcpv6TellsTheDnsServer() throws Exception {
        Guest guest = guest();
        ByteBuffer request = ByteBuffer.allocate(100);
        int end = Dhcpv6.writeOption(request, Dhcpv6.write(request, Dhcpv6.INFORMATION_REQUEST, 0xabcdef), Dhcpv6.CLIENT_ID,
                Dhcpv6.identifierOf(Guest.MAC));
        byte[] bytes = new byte[end];
        request.get(0, bytes);
        guest.udp(IpAddress.parse("fe80::15"), Dhcpv6.CLIENT_PORT, Dhcpv6.SERVERS, Dhcpv6.SERVER_PORT, bytes);
        Dhcpv6 reply = Dhcpv6.parse(guest.awaitUdp(Dhcpv6.CLIENT_PORT).udp().payload());
        assertThat(reply.type()).isEqualTo(Dhcpv6.REPLY);
        assertThat(reply.transaction()).isEqualTo(0xabcdef);
        assertThat(reply.option(Dhcpv6.CLIENT_ID)).isEqualTo(Dhcpv6.identifierOf(Guest.MAC));
        assertThat(IpAddress.readV6(ByteBuffer.wrap(reply.option(Dhcpv6.DNS_SERVERS)), 0)).isEqualTo(IpAddress.parse("fec0::3"));
    }

    @Test
    void datagramsReachTheHostAndAnswersComeBack() throws Exception {
        Guest guest = guest();
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            guest.udp(Guest.IP, 4000, Guest.GATEWAY, socket.getLocalPort(), "ping".getBytes(US_ASCII));
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), US_ASCII)).isEqualTo("ping");
            socket.send(new DatagramPacket("pong".getBytes(US_ASCII), 4, packet.getSocketAddress()));
            Guest.Datagram answer = guest.awaitUdp(4000);
            assertThat(answer.payload()).asString().isEqualTo("pong");
            assertThat(answer.packet().source()).isEqualTo(Guest.GATEWAY);
            assertThat(answer.udp().sourcePort()).isEqualTo(socket.getLocalPort());
        }
    }

    @Test
    void largeDatagramsTravelInFragments() throws Exception {
        Guest guest = guest();
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            byte[] payload = new byte[4000];
            new java.util.Random(1).nextBytes(payload);
            ByteBuffer datagram = ByteBuffer.allocate(4008);
            datagram.put(8, payload);
            Udp.write(datagram, 0, Guest.IP, 4000, Guest.GATEWAY, socket.getLocalPort(), 4000);
            for (int offset : new int[] {2960, 0, 1480}) {
                int part = Math.min(1480, 4008 - offset);
                ByteBuffer frame = ByteBuffer.allocate(34 + part);
                Ethernet.write(frame, 0, guest.gatewayMac, Guest.MAC, Ethernet.IPV4);
                Ipv4.writeFragment(frame, 14, Guest.IP, Guest.GATEWAY, IpPacket.UDP, part, 64, 99, offset, offset < 2960);
                frame.put(34, datagram, offset, part);
                guest.send(frame);
            }
            DatagramPacket packet = new DatagramPacket(new byte[5000], 5000);
            socket.receive(packet);
            assertThat(packet.getData()).startsWith(payload);
            assertThat(packet.getLength()).isEqualTo(4000);

            socket.send(packet);
            byte[] back = new byte[4008];
            for (int got = 0; got < 4008; ) {
                IpPacket fragment = guest.await(frame -> {
                    IpPacket found = Guest.packet(frame);
                    return found != null && found.protocol() == IpPacket.UDP ? found : null;
                });
                assertThat(fragment.payloadLength()).isLessThanOrEqualTo(1480);
                fragment.bytes().get(fragment.payloadAt(), back, fragment.fragmentOffset(), fragment.payloadLength());
                got += fragment.payloadLength();
            }
            assertThat(java.util.Arrays.copyOfRange(back, 8, 4008)).isEqualTo(payload);
        }
    }

    @Test
    void whatOneMayNotReachIsSaid() throws Exception {
        Guest guest = guest(UserNetwork.builder().restricted(true));
        guest.udp(Guest.IP, 4000, IpAddress.parse("192.0.2.1"), 9, (byte) 0);
        Guest.Message message = guest.awaitIcmp(Icmp.Version.V4.unreachable);
        assertThat(message.icmp().code()).isEqualTo(Icmp.Version.V4.prohibited);
        IpPacket quoted = Ipv4.parse(message.packet().bytes(), message.icmp().payloadAt(), message.packet().bytes().limit());
        assertThat(quoted.destination()).isEqualTo(IpAddress.parse("192.0.2.1"));
    }

    @Test
    void aGuestThatHadNoRoomIsServedWhenItHas() throws Exception {
        Guest guest = guest();
        guest.full = true;
        guest.sendArp(Arp.REQUEST, Guest.GATEWAY);
        guest.ping(Guest.IP, Guest.GATEWAY, 1); // its answer is dropped
        TimeUnit.MILLISECONDS.sleep(50);
        guest.full = false;
        network.link().receiveReady();
        guest.ping(Guest.IP, Guest.GATEWAY, 2);
        assertThat(guest.awaitIcmp(Icmp.Version.V4.echoReply).icmp().rest()).isEqualTo(2);
    }
}
