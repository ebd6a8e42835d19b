package org.lodgevm.net.user.nat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.loop.Timer;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.user.plan.PortForward;

/** A TCP port of the host that leads to a guest's. */
public final class TcpForwarder implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int ACCEPTS_PER_TURN = 16;

    /** How long to leave clients waiting when the host has no socket left for them. */
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(100);

    private final TcpTable table;
    private final IpAddress guest;
    private final int guestPort;
    private final ServerSocketChannel server;
    private final EventLoop loop;
    private final Timer rest;
    private final SelectionKey key;

    /** Listens from now on; connections are accepted when the loop runs. @throws IOException with the address in its message */
    public TcpForwarder(TcpTable table, EventLoop loop, PortForward forward, IpAddress guest) throws IOException {
        this.table = table;
        this.guest = guest;
        this.guestPort = forward.guestPort();
        this.loop = loop;
        rest = loop.timer(this::accept);
        server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(forward.host(), BACKLOG);
            key = loop.register(server, SelectionKey.OP_ACCEPT, this::ready);
        } catch (IOException e) {
            EventLoop.close(server);
            throw UdpForwarder.explained(forward, e);
        }
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    private void ready() {
        try {
            SocketChannel accepted;
            for (int i = 0; i < ACCEPTS_PER_TURN && (accepted = server.accept()) != null; i++) {
                pass(accepted);
            }
        } catch (IOException e) {
            key.interestOps(0); // it would be tried again at once, and fail again
            rest.arm(loop.nanos() + REST);
        }
    }

    private void accept() {
        if (key.isValid()) {
            key.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private void pass(SocketChannel accepted) {
        try {
            table.accepted(accepted, guest, guestPort);
        } catch (IOException e) {
            EventLoop.close(accepted); // the client has gone already
        }
    }

    @Override
    public void close() {
        EventLoop.close(server);
    }
}
