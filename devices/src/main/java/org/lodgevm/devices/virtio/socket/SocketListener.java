package org.lodgevm.devices.virtio.socket;

/** Takes connections that the guest makes to a port of the host. */
@FunctionalInterface
public interface SocketListener {
    /** Called on a thread of its own for each connection; closing the stream ends it. */
    void connected(SocketStream stream);
}
