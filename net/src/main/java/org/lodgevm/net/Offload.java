package org.lodgevm.net;

/**
 * What the sender of a frame left for somebody after it to do: put the Internet checksum in, and cut a large TCP segment up. The
 * fields say no more than the sender does, who may be a guest that lies.
 *
 * @param checksumStart where the bytes begin that the checksum covers, counted from the frame's first byte, or -1: it is complete
 * @param checksumOffset where the checksum goes, counted from {@code checksumStart}; that of the pseudo header is already there
 * @param headerLength bytes of Ethernet, IP and TCP headers, if the frame is to be cut up; a hint
 * @param segmentSize most bytes of TCP payload in a segment, if the frame is to be cut up
 * @virtio 5.1.6
 */
public record Offload(int checksumStart, int checksumOffset, Segmentation segmentation, int headerLength, int segmentSize) {
    /** What is to be cut up. */
    public enum Segmentation {
        NONE,
        TCP4,
        TCP6
    }

    /** The frame is complete. */
    public static final Offload NONE = new Offload(-1, 0, Segmentation.NONE, 0, 0);

    public static Offload checksum(int start, int offset) {
        return new Offload(start, offset, Segmentation.NONE, 0, 0);
    }

    public boolean needsChecksum() {
        return checksumStart >= 0;
    }

    public boolean needsSegmentation() {
        return segmentation != Segmentation.NONE;
    }
}
