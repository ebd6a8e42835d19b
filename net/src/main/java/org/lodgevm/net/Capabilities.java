package org.lodgevm.net;

/**
 * What a {@link Receiver} takes over from senders.
 *
 * @param checksum finishing checksums of TCP and UDP
 * @param tso4 cutting up large TCP segments over IPv4
 * @param tso6 cutting up large TCP segments over IPv6
 * @virtio 5.1.3.1: VIRTIO_NET_F_GUEST_CSUM, VIRTIO_NET_F_GUEST_TSO4, VIRTIO_NET_F_GUEST_TSO6
 */
public record Capabilities(boolean checksum, boolean tso4, boolean tso6) {
    public static final Capabilities NONE = new Capabilities(false, false, false);
    public static final Capabilities ALL = new Capabilities(true, true, true);

    /** Segments cannot be cut up without a checksum for each. */
    public Capabilities {
        tso4 &= checksum;
        tso6 &= checksum;
    }

    /** Whether a frame with this offload may be delivered as it is. */
    public boolean cover(Offload offload) {
        return switch (offload.segmentation()) {
            case NONE -> checksum || !offload.needsChecksum();
            case TCP4 -> tso4;
            case TCP6 -> tso6;
        };
    }
}
