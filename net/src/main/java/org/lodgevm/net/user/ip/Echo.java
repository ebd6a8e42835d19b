package org.lodgevm.net.user.ip;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;

/**
 * Answers pings. Those of the stack's own addresses at once; those of others when the host has found that they can be reached, by
 * {@link InetAddress#isReachable}: with ICMP if this process may send it, otherwise by whether there is a TCP host at all. The time that
 * the guest measures is that.
 */
public final class Echo {
    private static final int MAX_AT_ONCE = 16;
    private static final int PATIENCE_MILLIS = (int) TimeUnit.SECONDS.toMillis(5);

    private final Outlet outlet;
    private final EventLoop loop;
    private final Predicate<InetAddress> reachable;
    private int underWay;

    public Echo(Outlet outlet, EventLoop loop) {
        this(outlet, loop, Echo::isReachable);
    }

    /** @param reachable finds out, which may take long */
    Echo(Outlet outlet, EventLoop loop, Predicate<InetAddress> reachable) {
        this.outlet = outlet;
        this.loop = loop;
        this.reachable = reachable;
    }

    public void reply(IpPacket packet, Icmp request) {
        byte[] payload = new byte[request.payloadLength()];
        packet.bytes().get(request.payloadAt(), payload);
        reply(packet.destination(), packet.source(), request.rest(), payload);
    }

    private void reply(IpAddress from, IpAddress to, int rest, byte[] payload) {
        outlet.buffer().put(Outlet.ICMP_PAYLOAD, payload);
        outlet.icmp(from, to, Icmp.Version.of(from).echoReply, 0, rest, payload.length);
    }

    /** @param target what the packet's destination is for the host */
    public void relay(IpPacket packet, Icmp request, InetAddress target) {
        if (underWay == MAX_AT_ONCE) {
            return;
        }
        underWay++;
        byte[] payload = new byte[request.payloadLength()];
        packet.bytes().get(request.payloadAt(), payload);
        IpAddress from = packet.destination();
        IpAddress to = packet.source();
        int rest = request.rest();
        // The JDK waits inside of the kernel: a virtual thread would keep a carrier from the devices, whose workers are virtual.
        Thread.ofPlatform().daemon().name("lodge-net-ping").start(() -> {
            boolean there = reachable.test(target);
            loop.execute(() -> {
                underWay--;
                if (there) {
                    reply(from, to, rest, payload);
                }
            });
        });
    }

    private static boolean isReachable(InetAddress target) {
        try {
            return target.isReachable(PATIENCE_MILLIS);
        } catch (IOException e) {
            return false;
        }
    }
}
