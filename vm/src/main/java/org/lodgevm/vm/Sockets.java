package org.lodgevm.vm;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.function.Consumer;
import org.lodgevm.devices.virtio.socket.SocketDevice;

/** Streams between the host and programs in a guest, which know them as {@code AF_VSOCK}; the host is context id 2. */
public final class Sockets {
    private final SocketDevice device;

    Sockets(SocketDevice device) {
        this.device = device;
    }

    /**
     * Takes the guest's connections to a port from now on.
     *
     * @param connected called for each on a thread of its own; closing the channel ends the connection
     */
    public void listen(int port, Consumer<ByteChannel> connected) {
        device.listen(port, connected::accept);
    }

    /** The guest's connections to a port are refused from now on. */
    public void ignore(int port) {
        device.listen(port, null);
    }

    /** Connects to a port on which a program in the guest listens. @throws IOException if none does, or the guest has no driver */
    public ByteChannel connect(int port) throws IOException {
        return device.connect(port);
    }
}
