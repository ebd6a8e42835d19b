package org.lodgevm.fuzz.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Offload;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.packet.Arp;
import org.lodgevm.net.packet.Checksum;
import org.lodgevm.net.packet.Dhcp;
import org.lodgevm.net.packet.Dhcpv6;
import org.lodgevm.net.packet.Dns;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Ipv4;
import org.lodgevm.net.packet.Ipv6;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.NeighborDiscovery;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.Udp;

/** Frames that are right in most places, so as to get far, and anything in others. They lead no further than to the host's loopback. */
final class HostileGuest implements Receiver {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");
    private static final MacAddress GATEWAY_MAC = MacAddress.parse("52:55:0a:00:02:02");
    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");
    private static final IpAddress IP = IpAddress.parse("10.0.2.15");
    private static final List<IpAddress> ADDRESSES = addresses(
            "10.0.2.15", "10.0.2.2", "10.0.2.3", "255.255.255.255", "0.0.0.0", "127.0.0.1", "224.0.0.1", "10.0.2.99", "10.0.2.255");
    private static final List<IpAddress> ADDRESSES6 =
            addresses("fec0::15", "fec0::2", "fec0::3", "ff02::1", "ff02::1:2", "::", "::1", "fe80::15", "fe80::2", "::7f00:1");
    private static final int[] FLAGS = {Tcp.ACK, Tcp.ACK, Tcp.ACK | Tcp.PSH, Tcp.ACK | Tcp.FIN, Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.RST, Tcp.RST | Tcp.ACK, 0};

    private static final int HEADER = 14;
    /** Where it is in an IP header. */
    private static final int V4_DESTINATION = 16;

    private static final int V6_DESTINATION = 24;
    private static final int PING = 4711;
    private static final int LARGE = 60_000;

    /** A segment that the stack has sent. */
    private record Seen(IpAddress from, IpAddress to, int fromPort, int toPort, int sequence, int acknowledgment) {}

    private final Link link;
    private final Dice dice;
    private final int serverPort;
    private final Capabilities capabilities;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 17);
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile Seen seen;
    private volatile boolean full;

    /** @param serverPort somewhere on the host where somebody listens */
    HostileGuest(Link link, Dice dice, int serverPort) {
        this.link = link;
        this.dice = dice;
        this.serverPort = serverPort;
        this.capabilities = dice.oneIn(2) ? Capabilities.NONE : Capabilities.ALL;
        link.connect(this);
    }

    private static List<IpAddress> addresses(String... all) {
        return Stream.of(all).map(IpAddress::parse).toList();
    }

    // ---- what comes -----------------------------------------------------------------------------------------------

    @Override
    public boolean receive(Frame frame) {
        if (full) {
            return false;
        }
        ByteBuffer copy = ByteBuffer.allocate(frame.size()).put(0, frame.bytes(), frame.bytes().position(), frame.size());
        IpPacket packet = IpPacket.parse(Ethernet.parse(copy).type(), copy, HEADER, copy.limit());
        if (packet != null && packet.protocol() == IpPacket.TCP) {
            Tcp segment = Tcp.parse(packet, false);
            seen = new Seen(packet.source(), packet.destination(), segment.sourcePort(), segment.destinationPort(),
                    segment.sequence() + segment.sequenceLength(), segment.acknowledgment());
        } else if (packet != null && packet.protocol() == IpPacket.ICMP && !packet.isFragment()) {
            Icmp message = Icmp.parse(packet);
            if (message.type() == Icmp.Version.V4.echoReply && message.rest() == PING) {
                answered.set(true);
            }
        } else if (packet == null) {
            tellAddress(Arp.parse(copy, HEADER, copy.limit()));
        }
        return true;
    }

    private void tellAddress(Arp arp) {
        if (arp != null && arp.operation() == Arp.REQUEST && arp.targetIp().equals(IP)) {
            ByteBuffer reply = ByteBuffer.allocate(HEADER + Arp.SIZE);
            Ethernet.write(reply, 0, arp.senderMac(), MAC, Ethernet.ARP);
            Arp.write(reply, HEADER, Arp.REPLY, MAC, IP, arp.senderMac(), arp.senderIp());
            link.send(new Frame(reply)); // lost if there is no room: this is the stack's own thread
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    // ---- what goes ------------------------------------------------------------------------------------------------

    /** Does something, if there is room. */
    void act() {
        if (dice.oneIn(300)) {
            listen(dice.oneIn(2));
        }
        link.send(dice.oneIn(30) ? arp() : frame());
    }

    private void listen(boolean wanted) {
        full = !wanted;
        if (wanted) {
            link.receiveReady();
        }
    }

    /** Whether there is an answer, after all that was sent. */
    boolean isAnswered() throws InterruptedException {
        listen(true);
        for (int tries = 0; !answered.get() && tries < 2000; tries++) {
            ByteBuffer frame = ByteBuffer.allocate(60);
            Icmp.write(frame, 34, IP, GATEWAY, Icmp.Version.V4.echoRequest, 0, PING, 0);
            IpPacket.write(frame, HEADER, IP, GATEWAY, IpPacket.ICMP, Icmp.HEADER_SIZE, 64);
            Ethernet.write(frame, 0, GATEWAY_MAC, MAC, Ethernet.IPV4);
            link.send(new Frame(frame.limit(42)));
            if (tries % 100 == 99) {
                link.send(ownAddress()); // somebody may have taken it from us
            }
            Thread.sleep(tries < 100 ? 0 : 10);
        }
        return answered.get();
    }

    private static Frame ownAddress() {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + Arp.SIZE);
        Ethernet.write(frame, 0, MacAddress.BROADCAST, MAC, Ethernet.ARP);
        Arp.write(frame, HEADER, Arp.REQUEST, MAC, IP, MacAddress.BROADCAST, GATEWAY);
        return new Frame(frame);
    }

    private Frame arp() {
        Ethernet.write(bytes.clear(), 0, MacAddress.BROADCAST, mac(), Ethernet.ARP);
        Arp.write(bytes, HEADER, dice.below(4), mac(), dice.of(ADDRESSES), GATEWAY_MAC, dice.of(ADDRESSES));
        int size = HEADER + Arp.SIZE;
        return new Frame(copy(0, dice.oneIn(8) ? dice.between(1, size) : size));
    }

    private MacAddress mac() {
        return dice.oneIn(8) ? MacAddress.read(ByteBuffer.wrap(dice.bytes(MacAddress.SIZE)), 0) : MAC;
    }

    private Frame frame() {
        boolean v4 = dice.oneIn(2);
        IpAddress source = address(v4, true);
        IpAddress destination = address(v4, false);
        int at = HEADER + IpPacket.headerSize(source);
        int payload = dice.below(dice.oneIn(64) ? LARGE : dice.oneIn(2) ? 64 : 1400);
        bytes.clear().put(at, dice.bytes(payload + 100));
        Seen answerTo = dice.oneIn(2) ? seen : null;
        if (answerTo != null) {
            source = answerTo.to;
            destination = answerTo.from;
            at = HEADER + IpPacket.headerSize(source);
            return packet(source, destination, at, IpPacket.TCP, answer(answerTo, at, payload));
        }
        return switch (dice.below(7)) {
            case 0 -> packet(source, destination, at, IpPacket.TCP, segment(at, source, destination, payload));
            case 1, 2, 3 -> packet(source, destination, at, IpPacket.UDP, datagram(at, source, destination, payload));
            case 4 -> packet(source, destination, at, Icmp.Version.of(source).protocol, message(at, source, destination, payload));
            case 5 -> packet(source, destination, at, IpPacket.ICMPV6, discovery(at, source, destination));
            default -> packet(source, destination, at, dice.below(256), payload);
        };
    }

    private IpAddress address(boolean v4, boolean own) {
        List<IpAddress> all = v4 ? ADDRESSES : ADDRESSES6;
        return dice.oneIn(2) ? all.get(own ? 0 : 1) : dice.of(all);
    }

    // ---- messages, each of which tells its length ------------------------------------------------------------------

    private int answer(Seen to, int at, int payload) {
        int options = options(at);
        Tcp.write(bytes, at, to.toPort, to.fromPort, near(to.acknowledgment), near(to.sequence), FLAGS[dice.below(FLAGS.length)],
                dice.oneIn(3) ? dice.below(4) : dice.below(1 << 16), options);
        int length = Tcp.HEADER_SIZE + options + (dice.oneIn(3) ? payload : 0);
        Tcp.checksum(bytes, at, length, to.to, to.from);
        return length;
    }

    private int segment(int at, IpAddress source, IpAddress destination, int payload) {
        int options = options(at);
        Tcp.write(bytes, at, 1000 + dice.below(50), dice.of(serverPort, serverPort, 53, 1, dice.below(10)), (int) dice.number(), (int) dice.number(),
                dice.oneIn(4) ? dice.below(256) : Tcp.SYN, dice.below(1 << 16), options);
        int length = Tcp.HEADER_SIZE + options + (dice.oneIn(3) ? payload : 0);
        Tcp.checksum(bytes, at, length, source, destination);
        return length;
    }

    private int options(int at) {
        int length = 4 * dice.below(11);
        for (int i = 0; i < length; i++) {
            bytes.put(at + Tcp.HEADER_SIZE + i, (byte) (dice.oneIn(3) ? dice.bits() : dice.below(12)));
        }
        return length;
    }

    private int near(int number) {
        return switch (dice.below(8)) {
            case 0 -> number + dice.between(-1, 1);
            case 1 -> number + dice.between(-1500, 1500);
            case 2 -> number + dice.between(-100_000, 100_000);
            case 3 -> dice.oneIn(16) ? (int) dice.number() : number;
            default -> number;
        };
    }

    private int datagram(int at, IpAddress source, IpAddress destination, int payload) {
        ByteBuffer content = bytes.slice(at + Udp.HEADER_SIZE, LARGE);
        int port = dice.of(67, 67, 53, 53, 547, 546, 68, serverPort, dice.below(10));
        int length = switch (port) {
            case Dhcp.SERVER_PORT -> dhcp(content);
            case Dns.PORT -> dns(content);
            case Dhcpv6.SERVER_PORT -> dhcpv6(content);
            default -> payload;
        };
        for (int i = dice.oneIn(2) ? 0 : dice.below(4); i > 0 && length > 0; i--) {
            content.put(dice.below(length), (byte) dice.bits());
        }
        Udp.write(bytes, at, source, dice.below(1 << 16), destination, port, length);
        return Udp.HEADER_SIZE + length;
    }

    private int dhcp(ByteBuffer content) {
        Dhcp.Writer writer = new Dhcp.Writer(content, Dhcp.BOOT_REQUEST, dice.below(4), mac());
        if (dice.oneIn(4)) {
            writer.clientAddress(dice.of(ADDRESSES));
        }
        writer.bytes(Dhcp.MESSAGE_TYPE, (byte) dice.below(10));
        if (dice.oneIn(2)) {
            writer.address(Dhcp.REQUESTED_ADDRESS, dice.of(ADDRESSES));
        }
        if (dice.oneIn(2)) {
            writer.address(Dhcp.SERVER_IDENTIFIER, dice.of(ADDRESSES));
        }
        return dice.oneIn(16) ? dice.below(300) : writer.end();
    }

    private int dns(ByteBuffer content) {
        byte[] name = dice.of(List.of("\3www\7example\3org\0", "\0", "\1a\300\0", "\77", "\3www\300\14")).getBytes(US_ASCII);
        content.putShort(0, (short) dice.bits()).putShort(2, (short) (dice.oneIn(8) ? dice.bits() : 0x100)).putShort(4, (short) dice.of(1, 1, 1, dice.below(9)));
        content.putShort(6, (short) 0).putInt(8, 0).put(Dns.HEADER_SIZE, name).putInt(Dns.HEADER_SIZE + name.length, 0x0001_0001);
        return Dns.HEADER_SIZE + name.length + dice.of(4, 4, 4, dice.below(40), 500);
    }

    private int dhcpv6(ByteBuffer content) {
        int at = Dhcpv6.write(content, dice.oneIn(2) ? Dhcpv6.INFORMATION_REQUEST : dice.below(14), dice.below(1 << 24));
        for (int i = dice.below(4); i > 0; i--) {
            at = Dhcpv6.writeOption(content, at, dice.of(Dhcpv6.CLIENT_ID, Dhcpv6.SERVER_ID, 6, 8), dice.oneIn(2) ? Dhcpv6.identifierOf(GATEWAY_MAC) : dice.bytes(dice.below(200)));
        }
        return at;
    }

    private int message(int at, IpAddress source, IpAddress destination, int payload) {
        int type = dice.oneIn(2) ? Icmp.Version.of(source).echoRequest : source.isV4() ? dice.below(20) : dice.between(1, 140);
        Icmp.write(bytes, at, source, destination, type, dice.oneIn(4) ? dice.below(3) : 0, (int) dice.bits(), payload);
        return Icmp.HEADER_SIZE + payload;
    }

    private int discovery(int at, IpAddress source, IpAddress destination) {
        int end = at + Icmp.HEADER_SIZE;
        int type = dice.between(NeighborDiscovery.ROUTER_SOLICITATION, NeighborDiscovery.NEIGHBOR_ADVERTISEMENT + 1);
        if (type >= NeighborDiscovery.NEIGHBOR_SOLICITATION) {
            dice.of(ADDRESSES6).write(bytes, end);
            end += IpAddress.V6_SIZE;
        }
        for (int i = dice.below(3); i > 0; i--) {
            end = NeighborDiscovery.writeLinkAddress(bytes, end, dice.oneIn(8) ? dice.below(256) : dice.between(1, 2), mac());
        }
        if (dice.oneIn(4)) {
            bytes.put(dice.between(at + Icmp.HEADER_SIZE, end), (byte) dice.bits());
        }
        int length = end - at + (dice.oneIn(16) ? dice.below(8) : 0);
        Icmp.write(bytes, at, source, destination, type, 0, 0, length - Icmp.HEADER_SIZE);
        return length;
    }

    // ---- packets --------------------------------------------------------------------------------------------------

    private Frame packet(IpAddress source, IpAddress destination, int at, int protocol, int length) {
        int told = dice.oneIn(16) ? dice.below(length + 60) : length;
        if (dice.oneIn(16)) {
            return fragment(source, destination, at, protocol, told);
        }
        IpPacket.write(bytes, HEADER, source, destination, protocol, told, dice.oneIn(2) ? NeighborDiscovery.HOP_LIMIT : 64);
        Ethernet.write(bytes, 0, dice.oneIn(4) ? MacAddress.BROADCAST : GATEWAY_MAC, MAC, IpPacket.etherType(source));
        damage(at, source.isV4());
        int size = Math.min(at + told, Frame.MAX_SIZE);
        boolean large = told > 1500 || dice.oneIn(8);
        Offload offload = !large ? Offload.NONE : protocol == IpPacket.TCP && !dice.oneIn(4)
                ? new Offload(at, Tcp.CHECKSUM, source.isV4() ? Offload.Segmentation.TCP4 : Offload.Segmentation.TCP6, at + Tcp.HEADER_SIZE, dice.between(1, 1460))
                : new Offload(dice.below(100), dice.between(-10, 90), Offload.Segmentation.values()[dice.below(3)], (int) dice.number(), dice.between(-10, 3000));
        return new Frame(copy(0, dice.oneIn(16) ? dice.between(1, size) : size), offload);
    }

    /** Two pieces, of which the second goes at once, perhaps again, and perhaps not quite where it belongs. */
    private Frame fragment(IpAddress source, IpAddress destination, int at, int protocol, int length) {
        int cut = dice.below(length / 8 + 1) * 8;
        byte[] message = new byte[length];
        bytes.get(at, message);
        int identification = dice.below(32);
        for (int times = dice.below(3); times > 0; times--) {
            int begin = Math.max(0, cut + (dice.oneIn(4) ? dice.between(-2, 2) * 8 : 0));
            part(source, destination, protocol, identification, message, Math.min(begin, length), length, dice.oneIn(16));
            link.send(new Frame(copy(0, Math.min(bytes.limit(), Frame.MAX_SIZE))));
        }
        part(source, destination, protocol, identification, message, 0, cut, !dice.oneIn(16));
        return new Frame(copy(0, Math.min(bytes.limit(), Frame.MAX_SIZE)));
    }

    private void part(IpAddress source, IpAddress destination, int protocol, int identification, byte[] message, int from, int to, boolean more) {
        bytes.clear();
        int length = to - from;
        int at = source.isV4()
                ? Ipv4.writeFragment(bytes, HEADER, source, destination, protocol, length, 64, identification, from, more)
                : Ipv6.writeFragment(bytes, HEADER, source, destination, protocol, length, 64, identification, from, more);
        bytes.put(at, message, from, length);
        Ethernet.write(bytes, 0, GATEWAY_MAC, MAC, IpPacket.etherType(source));
        bytes.limit(at + length);
    }

    /** Not of the destination: that could be anybody's. */
    private void damage(int at, boolean v4) {
        int destination = HEADER + (v4 ? V4_DESTINATION : V6_DESTINATION);
        int size = v4 ? IpAddress.V4_SIZE : IpAddress.V6_SIZE;
        for (int i = dice.oneIn(4) ? dice.below(3) : 0; i > 0; i--) {
            int place = dice.between(HEADER, at + 20 - size);
            bytes.put(place < destination ? place : place + size, (byte) dice.bits());
        }
        if (v4 && !dice.oneIn(8)) {
            bytes.putShort(24, (short) 0).putShort(24, Checksum.finish(Checksum.sum(bytes, HEADER, 20)));
        } else if (!v4 && dice.oneIn(4)) {
            bytes.put(20, (byte) dice.of(0, 43, 44, 60));
        }
    }

    private ByteBuffer copy(int from, int to) {
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        return ByteBuffer.wrap(copy);
    }
}
