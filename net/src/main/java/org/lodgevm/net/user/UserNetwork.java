package org.lodgevm.net.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.lodgevm.net.Link;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.tcp.BufferPool;
import org.lodgevm.net.user.ip.Complaints;
import org.lodgevm.net.user.ip.Echo;
import org.lodgevm.net.user.ip.Fragments;
import org.lodgevm.net.user.ip.Neighbors;
import org.lodgevm.net.user.ip.Outlet;
import org.lodgevm.net.user.ip.StackPort;
import org.lodgevm.net.user.nat.Access;
import org.lodgevm.net.user.nat.TcpForwarder;
import org.lodgevm.net.user.nat.TcpTable;
import org.lodgevm.net.user.nat.UdpForwarder;
import org.lodgevm.net.user.nat.UdpTable;
import org.lodgevm.net.user.plan.NetworkPlan;
import org.lodgevm.net.user.plan.PortForward;
import org.lodgevm.net.user.service.DhcpServer;
import org.lodgevm.net.user.service.Dhcpv6Server;
import org.lodgevm.net.user.service.DnsForwarder;
import org.lodgevm.net.user.service.Resolvers;
import org.lodgevm.net.user.service.RouterAdvertiser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running user-mode network. {@link #link} is where a guest, or a switch with several, is plugged in. */
public final class UserNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UserNetwork.class);

    private final EventLoop loop;
    private final StackPort port;
    private final TcpTable tcp;
    private final UdpTable udp;
    private final List<AutoCloseable> forwarders = new ArrayList<>();
    private final List<PortForward> forwards = new ArrayList<>();

    private UserNetwork(Builder settings) throws IOException {
        NetworkPlan plan = settings.plan;
        Access access = new Access(plan, settings.restricted, settings.hostLoopback);
        loop = new EventLoop(settings.failures);
        port = new StackPort(loop);
        Resolvers resolvers =
                settings.resolvers.isEmpty() ? Resolvers.ofHost(loop::nanos) : Resolvers.of(settings.resolvers);

        Neighbors neighbors = new Neighbors(plan, loop, this::unreachable);
        Outlet outlet = new Outlet(plan, port, neighbors);
        neighbors.attach(outlet);
        Complaints complaints = new Complaints(plan, outlet, loop::nanos);
        tcp = new TcpTable(access, loop, outlet, complaints, resolvers, new BufferPool(settings.bufferBytes),
                settings.maxConnections);
        udp = new UdpTable(access, loop, outlet, complaints, settings.maxConnections);
        IpInput input = new IpInput(
                access,
                neighbors,
                outlet,
                new Fragments(loop::nanos),
                complaints,
                new Echo(outlet, loop),
                new IpInput.Services(
                        new DhcpServer(plan, outlet, neighbors, settings.hostName),
                        new Dhcpv6Server(plan, outlet),
                        new DnsForwarder(outlet, loop, resolvers),
                        new RouterAdvertiser(plan, outlet, neighbors, loop)),
                tcp,
                udp);
        try {
            for (PortForward forward : settings.forwards) {
                forward(forward, access, outlet);
            }
        } catch (IOException e) {
            loop.close();
            throw e;
        }
        loop.start("lodge-net", () -> {
            boolean more = port.drain(input::receive);
            tcp.output();
            return more;
        });
    }

    private void forward(PortForward forward, Access access, Outlet outlet) throws IOException {
        IpAddress guest = forward.guest() == null ? access.plan().firstLease() : forward.guest();
        InetSocketAddress bound;
        if (forward.protocol() == PortForward.Protocol.TCP) {
            TcpForwarder forwarder = new TcpForwarder(tcp, loop, forward, guest);
            forwarders.add(forwarder);
            bound = forwarder.address();
        } else {
            UdpForwarder forwarder = new UdpForwarder(udp, access, loop, outlet, forward, guest);
            forwarders.add(forwarder);
            bound = forwarder.address();
        }
        forwards.add(new PortForward(forward.protocol(), bound, guest, forward.guestPort()));
    }

    private void unreachable(IpAddress guest) {
        tcp.unreachable(guest);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The guest's end of the cable. There is one. */
    public Link link() {
        return port;
    }

    /** The port forwards with the ports that they really have. */
    public List<PortForward> forwards() {
        return List.copyOf(forwards);
    }

    /**
     * Forgets all connections: the guest has been reset, and does not know of them any more. Returns when that is done, so that
     * none is hit which the guest opens afterwards; from a thread other than the network's.
     */
    public void reset() {
        FutureTask<Void> done = new FutureTask<>(() -> {
            tcp.abortAll();
            udp.closeAll();
        }, null);
        loop.execute(done);
        try {
            done.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the user-mode network did not forget its connections", e); // it is being closed
        }
    }

    /** Ends everything and closes every socket. */
    @Override
    public void close() {
        port.close();
        loop.close();
    }

    /** What a network is to be like. */
    public static final class Builder {
        private NetworkPlan plan = NetworkPlan.DEFAULT;
        private boolean restricted;
        private boolean hostLoopback = true;
        private final List<PortForward> forwards = new ArrayList<>();
        private List<InetSocketAddress> resolvers = List.of();
        private String hostName;
        private int maxConnections = 1024;
        private long bufferBytes = 64L << 20;
        private Consumer<RuntimeException> failures = e -> LOG.error("the user-mode network failed to handle something", e);

        private Builder() {}

        public Builder plan(NetworkPlan newPlan) {
            plan = newPlan;
            return this;
        }

        /** No way out, and none to the host; port forwards work. */
        public Builder restricted(boolean newRestricted) {
            restricted = newRestricted;
            return this;
        }

        /** Whether the gateway's address leads to what listens on the host's loopback addresses. It does, unless said otherwise. */
        public Builder hostLoopback(boolean newHostLoopback) {
            hostLoopback = newHostLoopback;
            return this;
        }

        public Builder forward(PortForward forward) {
            forwards.add(forward);
            return this;
        }

        /** DNS servers, instead of the host's. */
        public Builder resolvers(List<InetSocketAddress> servers) {
            resolvers = List.copyOf(servers);
            return this;
        }

        /** What DHCP tells guests that they are called. */
        public Builder hostName(String name) {
            if (!name.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")) {
                throw new IllegalArgumentException("'" + name + "' is no host name: letters, digits and hyphens, 63 at most");
            }
            hostName = name;
            return this;
        }

        /** How many TCP connections, and how many UDP ports, guests may have at once. */
        public Builder maxConnections(int connections) {
            maxConnections = connections;
            return this;
        }

        /** Memory for what is in connections and neither side has taken yet. */
        public Builder bufferBytes(long bytes) {
            bufferBytes = bytes;
            return this;
        }

        /** Told of errors in the stack itself, on its thread. They are logged, unless said otherwise. */
        public Builder failures(Consumer<RuntimeException> listener) {
            failures = listener;
            return this;
        }

        /** @throws IOException if a port cannot be forwarded; the message is for the user */
        public UserNetwork start() throws IOException {
            return new UserNetwork(this);
        }
    }
}
