package org.lodgevm.net.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Offload;
import org.lodgevm.net.packet.Checksum;
import org.lodgevm.net.packet.Dhcp;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.Udp;

/** Frames that nobody would send: right in some places so as to get far, and anything in others. It can reach no further than the loopback. */
class HostileGuestTest {
    private static final IpAddress[] ADDRESSES = {
        Guest.IP, Guest.GATEWAY, Guest.DNS, IpAddress.V4_BROADCAST, IpAddress.V4_UNSPECIFIED, IpAddress.parse("127.0.0.1"),
        IpAddress.parse("224.0.0.1"), IpAddress.parse("10.0.2.99"), IpAddress.parse("169.254.1.1")
    };
    private static final IpAddress[] ADDRESSES6 = {
        Guest.IP6, Guest.GATEWAY6, IpAddress.parse("fec0::3"), IpAddress.parse("ff02::1"), IpAddress.parse("ff02::1:2"),
        IpAddress.V6_UNSPECIFIED, IpAddress.parse("::1"), IpAddress.parse("fe80::15"), IpAddress.parse("::7f00:1")
    };
    private static final int[] PORTS = {1, 53, 67, 68, 546, 547, 9};

    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private final ByteBuffer bytes = ByteBuffer.allocate(4096);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noFrameDoesHarm(long number) throws Exception {
        Random random = new Random(Long.getLong("lodge.fuzz.seed", 0) + number);
        try (UserNetwork network = UserNetwork.builder().maxConnections(64).failures(failures::add).start()) {
            Guest guest = new Guest(network.link());
            for (int i = 0; i < 8_000; i++) {
                Frame frame = frame(random);
                while (!guest.link.send(frame)) {
                    Thread.onSpinWait();
                }
                if (random.nextInt(1000) == 0) {
                    guest.full = !guest.full;
                    guest.link.receiveReady();
                }
                if (i % 1000 == 0) {
                    guest.received.clear();
                }
            }
            guest.full = false;
            guest.link.receiveReady();
            guest.received.clear();
            guest.ping(Guest.IP, Guest.GATEWAY, 4711, (byte) 1);
            guest.await(frame -> isReply(frame) ? frame : null);
            assertThat(failures).isEmpty();
        }
    }

    private static boolean isReply(Frame frame) {
        IpPacket packet = Guest.packet(frame);
        Icmp message = packet == null || packet.protocol() != IpPacket.ICMP ? null : Icmp.parse(packet);
        return message != null && message.type() == Icmp.Version.V4.echoReply && message.rest() == 4711;
    }

    private Frame frame(Random random) {
        byte[] noise = new byte[bytes.capacity()];
        random.nextBytes(noise);
        bytes.clear().put(0, noise);
        boolean v4 = random.nextBoolean();
        IpAddress source = pick(random, v4);
        IpAddress destination = pick(random, v4);
        int payload = random.nextInt(random.nextBoolean() ? 64 : 1400);
        int at = 14 + IpPacket.headerSize(source);
        int protocol = message(random, at, source, destination, payload);
        int length = random.nextInt(8) == 0 ? random.nextInt(payload + 60) : headerSize(protocol) + payload;
        IpPacket.write(bytes, 14, source, destination, protocol, length, random.nextBoolean() ? 255 : 64);
        int type = random.nextInt(20) == 0 ? Ethernet.ARP : IpPacket.etherType(source);
        Ethernet.write(bytes, 0, random.nextBoolean() ? org.lodgevm.net.packet.MacAddress.BROADCAST
                : org.lodgevm.net.packet.MacAddress.parse("52:55:0a:00:02:02"), Guest.MAC, type);
        int size = at + length;
        damage(random, at, v4);
        Offload offload = random.nextInt(3) == 0
                ? new Offload(random.nextInt(100), random.nextInt(100) - 10,
                        Offload.Segmentation.values()[random.nextInt(3)], random.nextInt(), random.nextInt(3000) - 10)
                : Offload.NONE;
        return new Frame(bytes.limit(random.nextInt(10) == 0 ? random.nextInt(size) + 1 : size), offload);
    }

    private static int headerSize(int protocol) {
        return protocol == IpPacket.TCP ? Tcp.HEADER_SIZE : Udp.HEADER_SIZE;
    }

    private static IpAddress pick(Random random, boolean v4) {
        IpAddress[] addresses = v4 ? ADDRESSES : ADDRESSES6;
        return random.nextBoolean() ? addresses[random.nextInt(2)] : addresses[random.nextInt(addresses.length)];
    }

    private int message(Random random, int at, IpAddress source, IpAddress destination, int payload) {
        switch (random.nextInt(4)) {
            case 0 -> {
                Tcp.write(bytes, at, 1000 + random.nextInt(50), PORTS[random.nextInt(PORTS.length)], random.nextInt(5),
                        random.nextInt(), random.nextInt(64), random.nextInt(65_536), 0);
                Tcp.checksum(bytes, at, Tcp.HEADER_SIZE + payload, source, destination);
                return IpPacket.TCP;
            }
            case 1 -> {
                if (random.nextInt(3) == 0 && payload > 300) {
                    new Dhcp.Writer(bytes.slice(at + 8, payload), Dhcp.BOOT_REQUEST, 1, Guest.MAC)
                            .bytes(Dhcp.MESSAGE_TYPE, (byte) random.nextInt(10));
                }
                Udp.write(bytes, at, source, random.nextInt(65_536), destination, PORTS[random.nextInt(PORTS.length)], payload);
                return IpPacket.UDP;
            }
            case 2 -> {
                int type = source.isV4() ? random.nextInt(20) : 128 + random.nextInt(16);
                Icmp.write(bytes, at, source, destination, type, random.nextInt(3), random.nextInt(), payload);
                return Icmp.Version.of(source).protocol;
            }
            default -> {
                return random.nextInt(256);
            }
        }
    }

    /** Makes fragments, extension headers and other things that are allowed, and some that are not. */
    private void damage(Random random, int at, boolean v4) {
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes.put(14 + random.nextInt(at + 20 - 14), (byte) random.nextInt());
        }
        if (v4) {
            bytes.putShort(24, (short) 0);
            bytes.putShort(24, Checksum.finish(Checksum.sum(bytes, 14, 20)));
        } else if (random.nextInt(4) == 0) {
            bytes.put(20, new byte[] {0, 43, 44, 60}[random.nextInt(4)]);
        }
    }
}
