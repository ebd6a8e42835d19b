package org.lodgevm.net.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What the views say of frames that a Linux 6.1 guest sent. */
class LinuxPacketsTest {
    private static ByteBuffer frame(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static IpPacket packet(ByteBuffer frame) {
        Ethernet ethernet = Ethernet.parse(frame);
        assertThat(ethernet.source()).isEqualTo(MacAddress.parse("52:54:00:12:34:56"));
        return IpPacket.parse(ethernet.type(), frame, ethernet.payloadAt(), frame.limit());
    }

    private static final String SYN = "52550a00020252540012345608004500003c675840004006bb530a00020f0a000202"
            + "c6201f406d91a29500000000a002faf0d9c20000020405b40402080a95c8cfed0000000001030305";

    @Test
    void aSynOffersEverything() {
        IpPacket packet = packet(frame(SYN));
        assertThat(packet.source()).isEqualTo(IpAddress.parse("10.0.2.15"));
        assertThat(packet.destination()).isEqualTo(IpAddress.parse("10.0.2.2"));
        Tcp segment = Tcp.parse(packet, true);
        assertThat(segment.flags()).isEqualTo(Tcp.SYN);
        assertThat(segment.destinationPort()).isEqualTo(8000);
        assertThat(segment.sequence()).isEqualTo(0x6d91a295);
        TcpOptions options = new TcpOptions();
        options.parse(segment);
        assertThat(options.mss()).isEqualTo(1460);
        assertThat(options.windowScale()).isEqualTo(5);
        assertThat(options.sackPermitted()).isTrue();
        assertThat(options.timestampValue()).isEqualTo(0x95c8cfed);
    }

    @Test
    void oneWrongBitIsNoticed() {
        for (int bit = 14 * 8; bit < 74 * 8; bit++) {
            ByteBuffer frame = frame(SYN);
            frame.put(bit / 8, (byte) (frame.get(bit / 8) ^ 1 << bit % 8));
            IpPacket packet = packet(frame);
            assertThat(packet == null ? null : Tcp.parse(packet, true)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void aNeighborSolicitationAsksForWhatLinuxIsAboutToUse() {
        IpPacket packet = packet(frame("3333ff12345652540012345686dd6000000000203aff00000000000000000000000000000000"
                + "ff0200000000000000000001ff12345687008de300000000fe80000000000000505400fffe1234560e014d3a0d9dcd3e"));
        NeighborDiscovery message = NeighborDiscovery.parse(packet, Icmp.parse(packet));
        assertThat(message.type()).isEqualTo(NeighborDiscovery.NEIGHBOR_SOLICITATION);
        IpAddress own = new IpAddress(0xfe80L << 48, MacAddress.parse("52:54:00:12:34:56").interfaceIdentifier());
        assertThat(message.target()).isEqualTo(own);
        assertThat(packet.destination()).isEqualTo(own.solicitedNode());
        assertThat(MacAddress.ofMulticast(own.solicitedNode())).isEqualTo(MacAddress.parse("33:33:ff:12:34:56"));
    }

    @Test
    void aRouterSolicitationTellsTheLinkAddress() {
        IpPacket packet = packet(frame("33330000000252540012345686dd6000000000103afffe80000000000000505400fffe123456"
                + "ff020000000000000000000000000002850071b5000000000101525400123456"));
        NeighborDiscovery message = NeighborDiscovery.parse(packet, Icmp.parse(packet));
        assertThat(message.linkAddress(NeighborDiscovery.SOURCE_LINK_ADDRESS)).isEqualTo(MacAddress.parse("52:54:00:12:34:56"));
    }

    @Test
    void aQueryOfTheCLibrary() {
        IpPacket packet = packet(frame("52550a00020252540012345608004500003af459400040112e480a00020f0a000203"
                + "945200350026e854322d01000001000000000000076578616d706c6504746573740000010001"));
        Udp datagram = Udp.parse(packet, true);
        assertThat(datagram.destinationPort()).isEqualTo(Dns.PORT);
        Dns query = Dns.parse(datagram.payload());
        assertThat(query.isResponse()).isFalse();
        assertThat(query.id()).isEqualTo(0x322d);
        assertThat(query.refusal(Dns.SERVER_FAILURE).remaining()).isEqualTo(datagram.payloadLength());
        assertThat(query.sameQuestion(Dns.parse(query.refusal(Dns.REFUSED)))).isTrue();
    }

    @Test
    void anArpRequest() {
        ByteBuffer frame = frame("ffffffffffff525400123456080600010800060400015254001234560a00020f0000000000000a000202");
        Arp arp = Arp.parse(frame, 14, frame.limit());
        assertThat(arp.operation()).isEqualTo(Arp.REQUEST);
        assertThat(arp.senderIp()).isEqualTo(IpAddress.parse("10.0.2.15"));
        assertThat(arp.targetIp()).isEqualTo(IpAddress.parse("10.0.2.2"));
        assertThat(Arp.parse(frame, 14, frame.limit() - 1)).isNull();
    }

    @Test
    void aPing() {
        IpPacket packet = packet(frame("52550a0002025254001234560800450000540b284000400117710a00020f0a000202"
                + "0800c46c00670000f92b3a00" + "00".repeat(52)));
        Icmp echo = Icmp.parse(packet);
        assertThat(echo.type()).isEqualTo(Icmp.Version.V4.echoRequest);
        assertThat(echo.rest()).isEqualTo(0x0067_0000);
        assertThat(echo.payloadLength()).isEqualTo(56);
    }

    @Test
    void addressesShareAPrefixOrNot() {
        IpAddress network = IpAddress.parse("10.0.2.0");
        assertThat(network.sharesPrefix(IpAddress.parse("10.0.2.255"), 24)).isTrue();
        assertThat(network.sharesPrefix(IpAddress.parse("10.0.3.0"), 24)).isFalse();
        assertThat(network.sharesPrefix(IpAddress.parse("10.0.3.0"), 23)).isTrue();
        IpAddress site = IpAddress.parse("fec0::");
        assertThat(site.sharesPrefix(IpAddress.parse("fec0::ffff:0:0:1"), 64)).isTrue();
        assertThat(site.sharesPrefix(IpAddress.parse("fec0:0:0:1::"), 64)).isFalse();
        assertThat(site.sharesPrefix(IpAddress.parse("fec0:0:0:1::"), 0)).isTrue();
    }
}
