package org.lodgevm.net.user;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;
import org.lodgevm.net.packet.Arp;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.NeighborDiscovery;
import org.lodgevm.net.packet.Udp;

/** A guest that sends what a test writes, answers ARP and neighbor solicitations, and keeps what it gets. */
final class Guest implements Receiver {
    static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");
    static final IpAddress IP = IpAddress.parse("10.0.2.15");
    static final IpAddress IP6 = IpAddress.parse("fec0::15");
    static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");
    static final IpAddress GATEWAY6 = IpAddress.parse("fec0::2");
    static final IpAddress DNS = IpAddress.parse("10.0.2.3");
    static final int HEADER = 14;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final Link link;
    final LinkedBlockingQueue<Frame> received = new LinkedBlockingQueue<>();
    volatile MacAddress gatewayMac = MacAddress.BROADCAST;
    volatile boolean full;

    Guest(Link link) {
        this.link = link;
        link.connect(this);
    }

    @Override
    public boolean receive(Frame frame) {
        if (full) {
            return false;
        }
        ByteBuffer copy = ByteBuffer.allocate(frame.size());
        copy.put(0, frame.bytes(), frame.bytes().position(), frame.size());
        Ethernet ethernet = Ethernet.parse(copy);
        gatewayMac = ethernet.source();
        received.add(new Frame(copy, frame.offload()));
        answer(copy, ethernet);
        return true;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.NONE;
    }

    /** Who asks for this guest is told. */
    private void answer(ByteBuffer bytes, Ethernet ethernet) {
        Arp arp = ethernet.type() == Ethernet.ARP ? Arp.parse(bytes, HEADER, bytes.limit()) : null;
        if (arp != null && arp.operation() == Arp.REQUEST && arp.targetIp().equals(IP)) {
            sendArp(Arp.REPLY, arp.senderIp());
        }
        IpPacket packet = IpPacket.parse(ethernet.type(), bytes, HEADER, bytes.limit());
        if (packet != null && packet.protocol() == IpPacket.ICMPV6) {
            NeighborDiscovery message = NeighborDiscovery.parse(packet, Icmp.parse(packet));
            if (message != null && message.type() == NeighborDiscovery.NEIGHBOR_SOLICITATION) {
                ByteBuffer frame = ByteBuffer.allocate(200);
                message.target().write(frame, 62);
                NeighborDiscovery.writeLinkAddress(frame, 78, NeighborDiscovery.TARGET_LINK_ADDRESS, MAC);
                Icmp.write(frame, 54, message.target(), packet.source(), NeighborDiscovery.NEIGHBOR_ADVERTISEMENT, 0,
                        NeighborDiscovery.SOLICITED, 24);
                ip(frame, message.target(), packet.source(), IpPacket.ICMPV6, 32, 255);
            }
        }
    }

    void sendArp(int operation, IpAddress target) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + Arp.SIZE);
        Ethernet.write(frame, 0, gatewayMac, MAC, Ethernet.ARP);
        Arp.write(frame, HEADER, operation, MAC, IP, gatewayMac, target);
        send(frame);
    }

    /** A full queue is emptied soon, but not while it is the stack that calls. */
    void send(ByteBuffer frame) {
        while (!link.send(new Frame(frame)) && !Thread.currentThread().getName().equals("lodge-net")) {
            Thread.onSpinWait();
        }
    }

    /** Puts IP and Ethernet headers in front of a message, which is where they end, and sends it. */
    void ip(ByteBuffer frame, IpAddress source, IpAddress destination, int protocol, int length, int hopLimit) {
        int end = IpPacket.write(frame, HEADER, source, destination, protocol, length, hopLimit) + length;
        Ethernet.write(frame, 0, gatewayMac, MAC, IpPacket.etherType(source));
        send(frame.limit(end));
    }

    void udp(IpAddress source, int sourcePort, IpAddress destination, int port, byte... payload) {
        ByteBuffer frame = ByteBuffer.allocate(2000);
        int at = HEADER + IpPacket.headerSize(source);
        frame.put(at + Udp.HEADER_SIZE, payload);
        Udp.write(frame, at, source, sourcePort, destination, port, payload.length);
        ip(frame, source, destination, IpPacket.UDP, Udp.HEADER_SIZE + payload.length, 64);
    }

    void ping(IpAddress source, IpAddress destination, int rest, byte... payload) {
        ByteBuffer frame = ByteBuffer.allocate(2000);
        int at = HEADER + IpPacket.headerSize(source);
        frame.put(at + Icmp.HEADER_SIZE, payload);
        Icmp.Version version = Icmp.Version.of(source);
        Icmp.write(frame, at, source, destination, version.echoRequest, 0, rest, payload.length);
        ip(frame, source, destination, version.protocol, Icmp.HEADER_SIZE + payload.length, 64);
    }

    // ---- what comes -----------------------------------------------------------------------------------------------

    /** The first frame of which something can be made; those before are gone. */
    <T> T await(Function<Frame, T> filter) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Frame frame;
        while ((frame = received.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) != null) {
            T found = filter.apply(frame);
            if (found != null) {
                return found;
            }
        }
        throw new AssertionError("it did not come");
    }

    static IpPacket packet(Frame frame) {
        return IpPacket.parse(Ethernet.parse(frame.bytes()).type(), frame.bytes(), HEADER, frame.bytes().limit());
    }

    /** A datagram, with the packet that it was in. */
    record Datagram(IpPacket packet, Udp udp) {
        byte[] payload() {
            byte[] bytes = new byte[udp.payloadLength()];
            udp.payload().get(bytes);
            return bytes;
        }
    }

    Datagram awaitUdp(int port) throws InterruptedException {
        return await(frame -> {
            IpPacket packet = packet(frame);
            Udp udp = packet == null || packet.protocol() != IpPacket.UDP || packet.isFragment() ? null : Udp.parse(packet, true);
            return udp != null && udp.destinationPort() == port ? new Datagram(packet, udp) : null;
        });
    }

    /** An ICMP message, with the packet that it was in. */
    record Message(IpPacket packet, Icmp icmp) {}

    Message awaitIcmp(int type) throws InterruptedException {
        return await(frame -> {
            IpPacket packet = packet(frame);
            boolean icmp = packet != null && (packet.protocol() == IpPacket.ICMP || packet.protocol() == IpPacket.ICMPV6);
            Icmp message = icmp ? Icmp.parse(packet) : null;
            return message != null && message.type() == type ? new Message(packet, message) : null;
        });
    }
}
