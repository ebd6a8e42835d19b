package org.lodgevm.net.user.nat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.user.ip.Outlet;

/** A guest's UDP port on the host. */
final class UdpMapping implements AutoCloseable {
    /** Others whose answers are let in; the longest unused one is forgotten. */
    private static final int MAX_PEERS = 128;

    private static final int DATAGRAMS_PER_TURN = 32;

    private final EventLoop loop;
    private final Outlet outlet;
    private final IpAddress guest;
    private final int guestPort;
    private final DatagramChannel channel;
    /** Addresses on the host's side, and what the guest calls them. */
    private final Map<IpAddress, IpAddress> peers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<IpAddress, IpAddress> eldest) {
            return size() > MAX_PEERS;
        }
    };
    private long lastUsed;

    UdpMapping(Access access, EventLoop loop, Outlet outlet, IpAddress guest, int guestPort) throws IOException {
        this.loop = loop;
        this.outlet = outlet;
        this.guest = guest;
        this.guestPort = guestPort;
        channel = DatagramChannel.open(guest.isV4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            channel.bind(null);
            loop.register(channel, SelectionKey.OP_READ, this::ready);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    void send(ByteBuffer payload, IpAddress peer, InetSocketAddress target) throws IOException {
        lastUsed = loop.nanos();
        peers.put(IpAddress.of(target.getAddress()), peer);
        channel.send(payload, target);
    }

    private void ready() {
        try {
            for (int i = 0; i < DATAGRAMS_PER_TURN; i++) {
                ByteBuffer buffer = outlet.buffer();
                buffer.limit(Outlet.UDP_PAYLOAD + Outlet.MAX_UDP_PAYLOAD).position(Outlet.UDP_PAYLOAD);
                InetSocketAddress source = (InetSocketAddress) channel.receive(buffer);
                int length = buffer.position() - Outlet.UDP_PAYLOAD;
                buffer.clear();
                if (source == null) {
                    return;
                }
                IpAddress peer = peers.get(IpAddress.of(source.getAddress()));
                if (peer != null) {
                    lastUsed = loop.nanos();
                    outlet.udp(peer, source.getPort(), guest, guestPort, length);
                }
            }
        } catch (PortUnreachableException e) {
            // some peer's, nobody knows whose
        } catch (IOException e) {
            close(); // sending will fail, and the guest be told
        }
    }

    long lastUsed() {
        return lastUsed;
    }

    @Override
    public void close() {
        EventLoop.close(channel);
    }
}
