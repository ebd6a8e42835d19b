package org.lodgevm.net.tcp;

import java.nio.ByteBuffer;

/** What takes segments to the peer of an endpoint. */
public interface Wire {
    /** A buffer in which the endpoint writes a segment; its contents last until {@link #send}. */
    ByteBuffer buffer();

    /** Where in the buffer the segment begins. In front and behind is room for what the wire adds and for the largest segment. */
    int at();

    /** How many bytes a segment may have at most, header and all, if it is to be cut up on its way; 0 if it cannot be. */
    int largeSegmentSize();

    /**
     * Sends the segment in the buffer, its checksum not yet filled in.
     *
     * @param segmentSize most payload of what it is to be cut into; 0 if it is small enough as it is
     * @return false if there is no room now: nothing was sent
     */
    boolean send(int headerLength, int payloadLength, int segmentSize);
}
