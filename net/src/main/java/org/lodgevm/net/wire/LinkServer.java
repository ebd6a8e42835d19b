package org.lodgevm.net.wire;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.lodgevm.net.Link;
import org.lodgevm.net.Patch;

/**
 * Lets other processes plug in: each connection to a socket is joined to a link of its own, such as a new port of a switch.
 */
public final class LinkServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 256;

    private final ServerSocketChannel server;
    private final Supplier<Link> ports;
    private final SocketAddress address;
    /** With what each is joined to. */
    private final Map<WireLink, Link> links = new ConcurrentHashMap<>();

    /**
     * Listens.
     *
     * @param ports makes the link that a new connection is joined to, which is closed when the other process goes; throws an
     *     {@link IllegalStateException} when there is none left
     */
    public LinkServer(SocketAddress at, Supplier<Link> ports) throws IOException {
        this.ports = ports;
        server = at instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                : ServerSocketChannel.open();
        try {
            server.bind(at);
            address = server.getLocalAddress();
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot listen at " + at + " for network cables: " + e.getMessage(), e);
        }
        Thread.ofVirtual().name("lodge-net-accept").start(this::accept);
    }

    /** Where it listens, with the port that it was given. */
    public SocketAddress address() {
        return address;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                try {
                    join(channel);
                } catch (IOException | IllegalStateException e) {
                    channel.close(); // gone already, or there is no port left for it
                }
            } catch (IOException e) {
                // of that connection, or because this was closed
            }
        }
    }

    private void join(SocketChannel channel) throws IOException {
        if (links.size() >= MAX_CONNECTIONS) {
            throw new IllegalStateException("too many cables");
        }
        Link port = ports.get();
        WireLink[] link = new WireLink[1];
        link[0] = new WireLink(new SocketWire(channel), () -> {
            port.close();
            links.remove(link[0]);
        });
        links.put(link[0], port);
        Patch.join(link[0], port);
    }

    /** Takes all cables out, and removes the socket's file. */
    @Override
    public void close() throws IOException {
        server.close();
        links.forEach((link, port) -> {
            link.close();
            port.close();
        });
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }
}
