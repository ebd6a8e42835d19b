package org.lodgevm.net.user.ip;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.user.plan.NetworkPlan;

/** Tells guests what came of their packets: Destination Unreachable, not too often. @rfc 792, @rfc 4443 3.1 */
public final class Complaints {
    /** How much of the packet goes back. @rfc 1812 4.3.2.3, @rfc 4443 2.4 */
    private static final int MAX_QUOTE = 520;

    private static final int PER_INTERVAL = 50;
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(250);

    private final NetworkPlan plan;
    private final Outlet outlet;
    private final LongSupplier clock;
    private long intervalStart;
    private int sent;

    public Complaints(NetworkPlan plan, Outlet outlet, LongSupplier clock) {
        this.plan = plan;
        this.outlet = outlet;
        this.clock = clock;
    }

    public void hostUnreachable(IpPacket packet) {
        unreachable(packet, version -> version.hostUnreachable);
    }

    public void portUnreachable(IpPacket packet) {
        unreachable(packet, version -> version.portUnreachable);
    }

    public void prohibited(IpPacket packet) {
        unreachable(packet, version -> version.prohibited);
    }

    private void unreachable(IpPacket packet, ToIntFunction<Icmp.Version> code) {
        if (!packet.destination().isMulticast()) {
            byte[] quote = new byte[Math.min(MAX_QUOTE, packet.payloadAt() + packet.payloadLength() - packet.at())];
            packet.bytes().get(packet.at(), quote);
            unreachable(packet.source(), quote, code);
        }
    }

    /** The beginning of a packet, for a complaint that may come to it later. */
    public static byte[] quote(IpPacket packet) {
        byte[] quote = new byte[packet.payloadAt() - packet.at() + Icmp.HEADER_SIZE];
        packet.bytes().get(packet.at(), quote);
        return quote;
    }

    public void hostUnreachable(IpAddress guest, byte[] quote) {
        unreachable(guest, quote, version -> version.hostUnreachable);
    }

    private void unreachable(IpAddress guest, byte[] quote, ToIntFunction<Icmp.Version> code) {
        if (!plan.isGuest(guest) || !mayComplain()) {
            return;
        }
        ByteBuffer buffer = outlet.buffer();
        buffer.put(Outlet.ICMP_PAYLOAD, quote);
        Icmp.Version version = Icmp.Version.of(guest);
        outlet.icmp(plan.gateway(guest), guest, version.unreachable, code.applyAsInt(version), 0, quote.length);
    }

    private boolean mayComplain() {
        long now = clock.getAsLong();
        if (now - intervalStart >= INTERVAL) {
            intervalStart = now;
            sent = 0;
        }
        return sent++ < PER_INTERVAL;
    }
}
