package org.lodgevm.net.user.ip;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;

/**
 * Puts packets together again. Those whose fragments overlap are dropped, as is the oldest one when there are too many.
 *
 * @rfc 791 3.2, @rfc 8200 4.5, @rfc 5722
 */
public final class Fragments {
    private static final int MAX_PACKETS = 16;
    private static final int MAX_PAYLOAD = 65_535 - 20;
    private static final int FIRST_SIZE = 1 << 13;

    /** @rfc 8200 4.5 asks for 60 seconds, @rfc 1122 3.3.2 for 60 to 120; the link is faster than they had in mind. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private record Key(IpAddress source, IpAddress destination, int protocol, int identification) {}

    /** A packet of which parts are there. */
    private static final class Partial {
        final long since;
        /** By units of 8 bytes. */
        final BitSet present = new BitSet();
        /** A new header, and the payload. */
        ByteBuffer bytes = ByteBuffer.allocate(FIRST_SIZE);
        int length = -1;

        Partial(long since) {
            this.since = since;
        }

        void ensure(int size) {
            if (bytes.capacity() < size) {
                ByteBuffer larger = ByteBuffer.allocate(Math.max(size, 2 * bytes.capacity()));
                larger.put(0, bytes, 0, bytes.capacity());
                bytes = larger;
            }
        }

        boolean isComplete() {
            return length >= 0 && present.cardinality() == units(length);
        }
    }

    private final LongSupplier clock;
    private final Map<Key, Partial> packets = new LinkedHashMap<>();

    public Fragments(LongSupplier clock) {
        this.clock = clock;
    }

    private static int units(int bytes) {
        return (bytes + IpPacket.FRAGMENT_UNIT - 1) / IpPacket.FRAGMENT_UNIT;
    }

    /** @return the whole packet if this was the last part of it that was missing, or null */
    public IpPacket add(IpPacket fragment) {
        long now = clock.getAsLong();
        packets.values().removeIf(partial -> now - partial.since > PATIENCE);
        Key key = new Key(fragment.source(), fragment.destination(), fragment.protocol(), fragment.identification());
        Partial partial = packets.get(key);
        if (partial == null) {
            if (packets.size() == MAX_PACKETS) {
                packets.remove(packets.keySet().iterator().next());
            }
            partial = new Partial(now);
            packets.put(key, partial);
        }
        if (!store(partial, fragment)) {
            packets.remove(key);
            return null;
        }
        if (!partial.isComplete()) {
            return null;
        }
        packets.remove(key);
        IpPacket.write(partial.bytes, 0, key.source, key.destination, key.protocol, partial.length, fragment.hopLimit());
        return IpPacket.parse(IpPacket.etherType(key.source), partial.bytes, 0,
                IpPacket.headerSize(key.source) + partial.length);
    }

    /** @return false if the packet can never be whole */
    private static boolean store(Partial partial, IpPacket fragment) {
        int start = fragment.fragmentOffset();
        int length = fragment.payloadLength();
        int end = start + length;
        boolean last = !fragment.moreFragments();
        if (!last && length % IpPacket.FRAGMENT_UNIT != 0 || length == 0 || end > MAX_PAYLOAD) {
            return false;
        }
        if (last && partial.length < 0 && partial.present.length() <= units(end)) {
            partial.length = end;
        } else if (last ? partial.length != end : partial.length >= 0 && end > partial.length) {
            return false;
        }
        int firstUnit = start / IpPacket.FRAGMENT_UNIT;
        int present = partial.present.get(firstUnit, units(end)).cardinality();
        if (present > 0) {
            return present == units(end) - firstUnit; // perhaps a duplicate
        }
        partial.present.set(firstUnit, units(end));
        int header = IpPacket.headerSize(fragment.source());
        partial.ensure(header + end);
        partial.bytes.put(header + start, fragment.bytes(), fragment.payloadAt(), length);
        return true;
    }
}
