package org.lodgevm.devices.virtio.socket;

import java.nio.channels.ByteChannel;

/** A connection to a program in the guest. */
public interface SocketStream extends ByteChannel {
    /** The host's end of it, as the guest knows it. */
    int hostPort();

    /** Nothing more will be written; what was is still sent. Reading goes on. */
    void shutdownOutput();

    /** Whether the guest neither sends nor takes any more. */
    boolean isOver();
}
