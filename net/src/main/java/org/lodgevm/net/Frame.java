package org.lodgevm.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An Ethernet frame, without preamble and frame check sequence, on its way.
 *
 * @param bytes from position to limit, big-endian; whoever is handed a frame reads it with absolute indices or from a duplicate, and
 *     leaves position, limit and contents as they are
 */
public record Frame(ByteBuffer bytes, Offload offload) {
    /** The most that a frame can have: an Ethernet header with a VLAN tag, and the largest IP packet with a header in front. */
    public static final int MAX_SIZE = 18 + 65_535 + 40;

    public Frame {
        if (bytes.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("a frame's bytes must be big-endian");
        }
    }

    public Frame(ByteBuffer bytes) {
        this(bytes, Offload.NONE);
    }

    public int size() {
        return bytes.remaining();
    }
}
