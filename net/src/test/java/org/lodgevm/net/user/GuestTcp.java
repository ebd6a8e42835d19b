package org.lodgevm.net.user;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.lodgevm.net.Frame;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.TcpOptions;
import org.lodgevm.net.tcp.Application;
import org.lodgevm.net.tcp.BufferPool;
import org.lodgevm.net.tcp.TcpEndpoint;
import org.lodgevm.net.tcp.Wire;

/** A guest's TCP connection, for one thread. */
final class GuestTcp implements Application, Wire {
    private static final int AT = 64;

    private final Guest guest;
    private final IpAddress local;
    private final IpAddress remote;
    private final int localPort;
    private final int remotePort;
    private final TcpOptions options = new TcpOptions();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 17);
    final TcpEndpoint endpoint;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    Reason end;
    boolean established;
    byte[] toSend = {};
    private int sent;

    GuestTcp(Guest guest, IpAddress local, int localPort, IpAddress remote, int remotePort) {
        this.guest = guest;
        this.local = local;
        this.localPort = localPort;
        this.remote = remote;
        this.remotePort = remotePort;
        endpoint = new TcpEndpoint(this, this, new BufferPool(4 << 20), System::nanoTime,
                new TcpEndpoint.Settings(1 << 18, 1 << 18), new TcpEndpoint.Identity(localPort, remotePort, 1440, 1, 1));
    }

    /** Waits for somebody to connect to a port of the guest. */
    static GuestTcp accept(Guest guest, int port) throws InterruptedException {
        return guest.await(frame -> {
            IpPacket packet = Guest.packet(frame);
            Tcp segment = packet == null || packet.protocol() != IpPacket.TCP ? null : Tcp.parse(packet, true);
            if (segment == null || segment.flags() != Tcp.SYN || segment.destinationPort() != port) {
                return null;
            }
            GuestTcp tcp = new GuestTcp(guest, packet.destination(), port, packet.source(), segment.sourcePort());
            tcp.options.parse(segment);
            tcp.endpoint.hold(segment, tcp.options);
            tcp.endpoint.accept();
            return tcp;
        });
    }

    IpAddress remote() {
        return remote;
    }

    GuestTcp open() {
        endpoint.open();
        return this;
    }

    GuestTcp runUntil(BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            turn();
            long wait = Math.min(endpoint.deadline() - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(20));
            Frame frame = guest.received.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
            if (frame != null) {
                take(frame);
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("in state " + endpoint.state());
            }
        }
        turn();
        return this;
    }

    private void turn() {
        endpoint.timeout();
        ByteBuffer room;
        while (established && sent < toSend.length && (room = endpoint.room()) != null) {
            int part = Math.min(room.remaining(), toSend.length - sent);
            room.put(toSend, sent, part);
            endpoint.filled(part);
            sent += part;
        }
        readable();
        endpoint.output();
    }

    boolean isSent() {
        return sent == toSend.length;
    }

    private void take(Frame frame) {
        IpPacket packet = Guest.packet(frame);
        Tcp segment = packet == null || packet.protocol() != IpPacket.TCP ? null : Tcp.parse(packet, true);
        if (segment != null && segment.destinationPort() == localPort && segment.sourcePort() == remotePort) {
            options.parse(segment);
            endpoint.segment(segment, options);
        }
    }

    @Override
    public void established() {
        established = true;
    }

    @Override
    public int receive(ByteBuffer bytes, int at, int length) {
        return 0;
    }

    @Override
    public void readable() {
        ByteBuffer content;
        while ((content = endpoint.content()) != null) {
            byte[] copy = new byte[content.remaining()];
            content.get(copy);
            received.writeBytes(copy);
            endpoint.consumed(copy.length);
        }
    }

    @Override
    public void writable() {
        // it is tried every turn
    }

    @Override
    public void closed(Reason reason) {
        end = reason;
        readable();
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public int at() {
        return AT;
    }

    @Override
    public int largeSegmentSize() {
        return 0;
    }

    @Override
    public boolean send(int headerLength, int payloadLength, int segmentSize) {
        int length = headerLength + payloadLength;
        int ipAt = AT - IpPacket.headerSize(local);
        Tcp.checksum(buffer, AT, length, local, remote);
        IpPacket.write(buffer, ipAt, local, remote, IpPacket.TCP, length, 64);
        Ethernet.write(buffer, ipAt - 14, guest.gatewayMac, Guest.MAC, IpPacket.etherType(local));
        boolean taken = guest.link.send(new Frame(buffer.limit(AT + length).position(ipAt - 14)));
        buffer.clear();
        return taken;
    }
}
