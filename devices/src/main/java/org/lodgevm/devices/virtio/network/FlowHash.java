package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import org.lodgevm.net.Frame;

/** Tells flows apart, so that the frames of one stay in their order: by addresses and, of TCP and UDP, by ports. */
final class FlowHash {
    private static final int TYPE = 12;
    private static final int NETWORK = 14;
    private static final int IPV4 = 0x0800;
    private static final int IPV4_PROTOCOL = 9;
    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV4_ADDRESSES_END = 20;
    private static final int IPV4_FRAGMENT = 6;
    private static final int IPV4_IS_FRAGMENT = 0x3fff;
    private static final int IPV6 = 0x86dd;
    private static final int IPV6_NEXT = 6;
    private static final int IPV6_ADDRESSES = 8;
    private static final int IPV6_ADDRESSES_END = 40;
    private static final int TCP = 6;
    private static final int UDP = 17;
    /** Spreads what differs in few bits. */
    private static final int MULTIPLIER = 0x9e37_79b1;

    private FlowHash() {}

    /** @return 0 to {@code queues - 1} */
    static int queue(Frame frame, int queues) {
        return queues == 1 ? 0 : Math.floorMod(hash(frame.bytes().slice()) >>> Short.SIZE, queues);
    }

    /** Frames too short for what their type says are of flow 0. */
    private static int hash(ByteBuffer frame) {
        int type = frame.remaining() < NETWORK ? 0 : Short.toUnsignedInt(frame.getShort(TYPE));
        if (type == IPV4 && frame.remaining() >= NETWORK + IPV4_ADDRESSES_END) {
            boolean fragment = (frame.getShort(NETWORK + IPV4_FRAGMENT) & IPV4_IS_FRAGMENT) != 0;
            int header = Integer.BYTES * (frame.get(NETWORK) & 0xf);
            int protocol = fragment ? 0 : frame.get(NETWORK + IPV4_PROTOCOL);
            return hash(frame, NETWORK + IPV4_ADDRESSES, NETWORK + IPV4_ADDRESSES_END, protocol, NETWORK + header);
        } else if (type == IPV6 && frame.remaining() >= NETWORK + IPV6_ADDRESSES_END) {
            return hash(frame, NETWORK + IPV6_ADDRESSES, NETWORK + IPV6_ADDRESSES_END, frame.get(NETWORK + IPV6_NEXT),
                    NETWORK + IPV6_ADDRESSES_END);
        }
        return 0;
    }

    private static int hash(ByteBuffer frame, int from, int to, int protocol, int ports) {
        int hash = protocol;
        for (int at = from; at < to; at += Integer.BYTES) {
            hash = (hash + frame.getInt(at)) * MULTIPLIER;
        }
        boolean hasPorts = (protocol == TCP || protocol == UDP) && ports + Integer.BYTES <= frame.remaining();
        return hasPorts ? (hash + frame.getInt(ports)) * MULTIPLIER : hash;
    }
}
