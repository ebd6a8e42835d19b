package org.lodgevm.net.tcp;

import java.nio.ByteBuffer;

/** Who an endpoint works for. It is called while the endpoint is, and may call it, but not make it send. */
public interface Application {
    /** The handshake is done. */
    void established();

    /**
     * Offers bytes from the peer, in order, while none are waiting in the endpoint's buffer.
     *
     * @return how many of them the application took. The others go to the buffer
     */
    int receive(ByteBuffer bytes, int at, int length);

    /** There is something new in the endpoint's buffer to read, or the peer has finished, or both. */
    void readable();

    /** The peer has acknowledged bytes, so that there is room for more. */
    void writable();

    /** The connection is over, one way or another. If it was finished in order, what is in the buffer can still be read. */
    void closed(Reason reason);

    /** Why a connection is over. */
    enum Reason {
        /** Both sides have finished, and everything has arrived. */
        FINISHED,
        /** The peer has reset it. */
        RESET,
        /** The peer does not answer. */
        TIMED_OUT,
        /** The application has aborted it. */
        ABORTED
    }
}
