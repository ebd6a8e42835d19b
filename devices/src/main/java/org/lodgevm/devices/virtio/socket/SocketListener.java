package org.lodgevm.devices.virtio.socket;

import java.nio.channels.ByteChannel;

/** Takes connections that the guest makes to a port of the host. */
@FunctionalInterface
public interface SocketListener {
    /** Called on a thread of its own for each connection; closing the channel ends it. */
    void connected(ByteChannel channel);
}
