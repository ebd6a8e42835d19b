package org.lodgevm.net.user.nat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.user.plan.PortForward;

/** A TCP port of the host that leads to a guest's. */
public final class TcpForwarder implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int ACCEPTS_PER_TURN = 16;

    private final TcpTable table;
    private final IpAddress guest;
    private final int guestPort;
    private final ServerSocketChannel server;

    /** Listens from now on; connections are accepted when the loop runs. @throws IOException with the address in its message */
    public TcpForwarder(TcpTable table, EventLoop loop, PortForward forward, IpAddress guest) throws IOException {
        this.table = table;
        this.guest = guest;
        this.guestPort = forward.guestPort();
        server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(forward.host(), BACKLOG);
            loop.register(server, SelectionKey.OP_ACCEPT, this::ready);
        } catch (IOException e) {
            EventLoop.close(server);
            throw UdpForwarder.explained(forward, e);
        }
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    private void ready() {
        for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
            SocketChannel accepted = null;
            try {
                accepted = server.accept();
                if (accepted == null) {
                    return;
                }
                table.accepted(accepted, guest, guestPort);
            } catch (IOException e) {
                if (accepted != null) {
                    EventLoop.close(accepted);
                }
                return;
            }
        }
    }

    @Override
    public void close() {
        EventLoop.close(server);
    }
}
