package org.lodgevm.net.packet;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No bytes make a parser, or an accessor of what it made, fail or hang. */
class ParserFuzzTest {
    private static final int CASES = Integer.getInteger("lodge.fuzz.cases", 300_000);
    private static final int[] TYPES = {Ethernet.IPV4, Ethernet.IPV6};
    private static final byte[] PROTOCOLS = {IpPacket.TCP, IpPacket.UDP, IpPacket.ICMP, IpPacket.ICMPV6, 0, 43, 44, 60};

    private final TcpOptions options = new TcpOptions();

    @Test
    void anythingCanBeLookedAt() {
        long seed = Long.getLong("lodge.fuzz.seed", 1);
        for (int i = 0; i < CASES; i++) {
            Random random = new Random(seed + i);
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                plausible(random, bytes);
            }
            assertThatCode(() -> lookAt(ByteBuffer.wrap(bytes), random)).as("seed %d", seed + i).doesNotThrowAnyException();
        }
    }

    /** Makes the lengths and checksums such that more than the first check is passed. */
    private static void plausible(Random random, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length >= 60) {
            boolean v4 = random.nextBoolean();
            byte protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
            if (v4) {
                buffer.put(0, (byte) (0x45 + random.nextInt(4)));
                buffer.putShort(2, (short) (bytes.length - random.nextInt(3)));
                buffer.put(9, protocol);
                int header = (bytes[0] & 0xf) * 4;
                buffer.putShort(10, (short) 0);
                buffer.putShort(10, Checksum.finish(Checksum.sum(buffer, 0, header)));
            } else {
                buffer.put(0, (byte) 0x60);
                buffer.putShort(4, (short) (bytes.length - 40 - random.nextInt(3)));
                buffer.put(6, protocol);
                buffer.put(7, (byte) 255);
                buffer.put(41, (byte) random.nextInt(3));
            }
        }
    }

    private void lookAt(ByteBuffer bytes, Random random) {
        Ethernet ethernet = Ethernet.parse(bytes);
        if (ethernet != null) {
            ethernet.source();
            ethernet.type();
        }
        Arp arp = Arp.parse(bytes, 0, bytes.limit());
        if (arp != null) {
            arp.targetIp();
        }
        IpPacket packet = IpPacket.parse(TYPES[random.nextInt(2)], bytes, 0, bytes.limit());
        if (packet != null) {
            lookAt(packet);
        }
        Dhcp dhcp = Dhcp.parse(bytes);
        if (dhcp != null) {
            dhcp.messageType();
            dhcp.address(Dhcp.REQUESTED_ADDRESS);
        }
        Dhcpv6 dhcpv6 = Dhcpv6.parse(bytes);
        if (dhcpv6 != null) {
            dhcpv6.identifier(Dhcpv6.CLIENT_ID);
            dhcpv6.option(Dhcpv6.SERVER_ID);
        }
        Dns dns = Dns.parse(bytes);
        if (dns != null) {
            dns.refusal(Dns.REFUSED);
            dns.sameQuestion(dns);
        }
    }

    private void lookAt(IpPacket packet) {
        packet.isFragment();
        packet.identification();
        packet.bytes().slice(packet.payloadAt(), packet.payloadLength());
        Udp datagram = Udp.parse(packet, false);
        if (datagram != null) {
            datagram.payload();
        }
        Tcp segment = Tcp.parse(packet, false);
        if (segment != null) {
            options.parse(segment);
            segment.sequenceLength();
        }
        if (packet.payloadLength() >= Icmp.HEADER_SIZE) {
            rightChecksum(packet);
        }
        Icmp message = Icmp.parse(packet);
        NeighborDiscovery discovery = message == null ? null : NeighborDiscovery.parse(packet, message);
        if (discovery != null) {
            discovery.linkAddress(NeighborDiscovery.SOURCE_LINK_ADDRESS);
            discovery.linkAddress(NeighborDiscovery.TARGET_LINK_ADDRESS);
        }
    }

    private static void rightChecksum(IpPacket packet) {
        ByteBuffer bytes = packet.bytes();
        int at = packet.payloadAt();
        int type = 133 + (bytes.get(at) & 3);
        Icmp.write(bytes, at, packet.source(), packet.destination(), type, 0, 0, packet.payloadLength() - Icmp.HEADER_SIZE);
    }
}
