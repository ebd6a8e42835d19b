package org.lodgevm.net.user.service;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.loop.Timer;
import org.lodgevm.net.packet.Dns;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Udp;
import org.lodgevm.net.user.ip.Outlet;

/**
 * Passes DNS queries on to the host's resolvers, letter for letter, and their responses back. Each query has a socket of its own, so
 * that nobody can guess where a response belongs, and a resolver that is not there is noticed at once. What comes over TCP is proxied
 * like any connection.
 */
public final class DnsForwarder {
    private static final int MAX_QUERIES = 256;
    private static final int MAX_RESPONSE = 65_507;

    /** For one resolver, before the next one is asked. The guest has a patience of its own, of five seconds usually. */
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(1500);

    private final Outlet outlet;
    private final EventLoop loop;
    private final Resolvers resolvers;
    private final Set<Query> queries = new HashSet<>();

    public DnsForwarder(Outlet outlet, EventLoop loop, Resolvers resolvers) {
        this.outlet = outlet;
        this.loop = loop;
        this.resolvers = resolvers;
    }

    public void receive(IpPacket packet, Udp datagram) {
        ByteBuffer payload = datagram.payload();
        ByteBuffer message = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        Dns parsed = Dns.parse(message);
        if (parsed == null || parsed.isResponse() || queries.size() == MAX_QUERIES) {
            return;
        }
        Query query = new Query(packet.source(), datagram.sourcePort(), packet.destination(), message, parsed,
                resolvers.current());
        queries.add(query);
        query.askNext();
    }

    /** A guest's query on its way. */
    private final class Query {
        private final IpAddress guest;
        private final int guestPort;
        private final IpAddress own;
        private final ByteBuffer message;
        private final Dns parsed;
        private final List<InetSocketAddress> servers;
        private final Timer patience = loop.timer(this::askNext);
        private int asked;
        private DatagramChannel channel;
        /** What an earlier resolver said that was not of much use. */
        private ByteBuffer failure;

        Query(IpAddress guest, int guestPort, IpAddress own, ByteBuffer message, Dns parsed, List<InetSocketAddress> servers) {
            this.guest = guest;
            this.guestPort = guestPort;
            this.own = own;
            this.message = message;
            this.parsed = parsed;
            this.servers = servers;
        }

        void askNext() {
            closeChannel();
            while (asked < servers.size()) {
                InetSocketAddress server = servers.get(asked++);
                try {
                    ask(server);
                    return;
                } catch (IOException e) {
                    closeChannel(); // not there: the next one
                }
            }
            answer(failure == null ? parsed.refusal(Dns.SERVER_FAILURE) : failure);
        }

        private void ask(InetSocketAddress server) throws IOException {
            boolean v4 = server.getAddress() instanceof java.net.Inet4Address;
            channel = DatagramChannel.open(v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            channel.connect(server);
            loop.register(channel, SelectionKey.OP_READ, this::ready);
            channel.write(message.duplicate());
            patience.arm(loop.nanos() + PATIENCE);
        }

        private void ready() {
            try {
                ByteBuffer buffer = ByteBuffer.allocate(MAX_RESPONSE);
                if (channel.read(buffer) > 0) {
                    response(buffer.flip());
                }
            } catch (IOException e) {
                askNext();
            }
        }

        /** Another resolver may know what one is unable or not willing to say. */
        private void response(ByteBuffer bytes) {
            Dns response = Dns.parse(bytes);
            if (response == null || !response.isResponse() || !response.sameQuestion(parsed)) {
                return;
            }
            int code = response.responseCode();
            if (code == Dns.SERVER_FAILURE || code == Dns.REFUSED) {
                failure = bytes;
                askNext();
            } else {
                answer(bytes);
            }
        }

        private void answer(ByteBuffer bytes) {
            patience.cancel();
            closeChannel();
            queries.remove(this);
            int length = bytes.remaining();
            outlet.buffer().put(Outlet.UDP_PAYLOAD, bytes, bytes.position(), length);
            outlet.udp(own, Dns.PORT, guest, guestPort, length);
        }

        private void closeChannel() {
            if (channel != null) {
                EventLoop.close(channel);
                channel = null;
            }
        }
    }
}
