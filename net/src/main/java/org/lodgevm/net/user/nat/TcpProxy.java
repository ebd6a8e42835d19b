package org.lodgevm.net.user.nat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.loop.Timer;
import org.lodgevm.net.tcp.Application;
import org.lodgevm.net.tcp.BufferPool;
import org.lodgevm.net.tcp.TcpEndpoint;
import org.lodgevm.net.tcp.Wire;
import org.lodgevm.net.user.ip.Outlet;

/** One connection: an endpoint towards the guest, a socket towards the host, and bytes between them. */
final class TcpProxy implements Application, Wire {
    /** Reads from the socket that are made before other connections get their turn. */
    private static final int READS_PER_TURN = 8;

    private final TcpTable table;
    private final Flow flow;
    private final EventLoop loop;
    private final Outlet outlet;
    private final TcpEndpoint endpoint;
    private final Timer timer;
    private SocketChannel channel;
    private SelectionKey key;
    /** While connecting: where else to try, and the packet that began it. */
    private List<InetSocketAddress> targets = List.of();

    private byte[] quote;
    private boolean enqueued;
    private boolean outputShut;
    /** The endpoint is done; the socket has still to be given what it left. */
    private boolean draining;

    TcpProxy(TcpTable table, Flow flow, EventLoop loop, Outlet outlet, BufferPool pool, TcpEndpoint.Settings settings,
            TcpEndpoint.Identity identity) {
        this.table = table;
        this.flow = flow;
        this.loop = loop;
        this.outlet = outlet;
        endpoint = new TcpEndpoint(this, this, pool, loop::nanos, settings, identity);
        timer = loop.timer(this::timeout);
    }

    Flow flow() {
        return flow;
    }

    TcpEndpoint endpoint() {
        return endpoint;
    }

    // ---- the host's side opens ------------------------------------------------------------------------------------

    /** Connects to the first target that can be reached. */
    void connect(List<InetSocketAddress> newTargets, byte[] newQuote) {
        targets = newTargets;
        quote = newQuote;
        connectNext(null);
    }

    private void connectNext(IOException failure) {
        if (targets.isEmpty()) {
            failed(failure);
            return;
        }
        InetSocketAddress target = targets.getFirst();
        targets = targets.subList(1, targets.size());
        try {
            channel = SocketChannel.open();
            key = loop.register(channel, SelectionKey.OP_CONNECT, this::ready);
            if (channel.connect(target)) {
                connected();
            }
        } catch (IOException e) {
            closeChannel();
            connectNext(e);
        }
    }

    private void connected() throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key.interestOps(0);
        endpoint.accept();
    }

    /** A refused connection is refused; for anything else there is a message of its own. */
    private void failed(IOException failure) {
        if (failure instanceof ConnectException refused && isRefusal(refused)) {
            endpoint.refuse();
        } else {
            table.hostUnreachable(this, quote);
            endpoint.abort();
        }
    }

    /** The JDK has one exception for several errors of connecting, and the system's words in it. */
    private static boolean isRefusal(ConnectException failure) {
        String words = String.valueOf(failure.getMessage());
        return !words.contains("timed out") && !words.contains("unreachable");
    }

    /** The host's side is there already. */
    void adopt(SocketChannel accepted) throws IOException {
        channel = accepted;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = loop.register(channel, 0, this::ready);
        endpoint.open();
    }

    // ---- the host's socket ----------------------------------------------------------------------------------------

    private void ready() {
        try {
            if (key.isConnectable()) {
                finishConnect();
            } else {
                if (key.isReadable()) {
                    read();
                }
                if (key.isValid() && key.isWritable()) {
                    write();
                }
            }
        } catch (IOException e) {
            abort();
        }
        table.changed(this);
    }

    private void finishConnect() {
        try {
            channel.finishConnect();
            connected();
        } catch (IOException e) {
            closeChannel();
            connectNext(e);
        }
    }

    private void read() throws IOException {
        for (int i = 0; i < READS_PER_TURN; i++) {
            ByteBuffer room = endpoint.room();
            if (room == null) {
                interest(SelectionKey.OP_READ, false);
                return;
            }
            int wanted = room.remaining();
            int read = channel.read(room);
            endpoint.filled(Math.max(0, read));
            if (read < 0) {
                interest(SelectionKey.OP_READ, false);
                endpoint.finish();
            }
            if (read < wanted) {
                return;
            }
        }
    }

    /** Writes what is in the endpoint's buffer. */
    private void write() throws IOException {
        ByteBuffer content;
        while ((content = endpoint.content()) != null) {
            int wanted = content.remaining();
            int written = channel.write(content);
            endpoint.consumed(written);
            if (written < wanted) {
                interest(SelectionKey.OP_WRITE, true);
                return;
            }
        }
        interest(SelectionKey.OP_WRITE, false);
        if (endpoint.isPeerFinished() && !outputShut) {
            outputShut = true;
            channel.shutdownOutput();
        }
        if (draining) {
            finish();
        }
    }

    private void interest(int operation, boolean wanted) {
        if (key != null && key.isValid()) {
            int now = key.interestOps();
            int then = wanted ? now | operation : now & ~operation;
            if (then != now) {
                key.interestOps(then);
            }
        }
    }

    private void closeChannel() {
        if (channel != null) {
            EventLoop.close(channel);
            channel = null;
            endpoint.release();
        }
    }

    // ---- the endpoint's application -------------------------------------------------------------------------------

    @Override
    public void established() {
        interest(SelectionKey.OP_READ, true);
    }

    @Override
    public int receive(ByteBuffer bytes, int at, int length) {
        try {
            return channel == null ? length : channel.write(bytes.slice(at, length));
        } catch (IOException e) {
            endpoint.abort();
            return length;
        }
    }

    @Override
    public void readable() {
        try {
            if (channel != null) {
                write();
            }
        } catch (IOException e) {
            endpoint.abort();
        }
    }

    @Override
    public void writable() {
        resume();
    }

    /** There may be room for what the socket has. */
    void resume() {
        if (endpoint.takesMore()) {
            interest(SelectionKey.OP_READ, true);
        }
    }

    @Override
    public void closed(Reason reason) {
        timer.cancel();
        if (reason == Reason.FINISHED && channel != null && endpoint.content() != null) {
            draining = true;
            return;
        }
        if (reason != Reason.FINISHED && channel != null) {
            resetOnClose();
        }
        finish();
    }

    private void finish() {
        closeChannel();
        table.closed(this);
    }

    /** Ends both sides at once. */
    void abort() {
        endpoint.abort();
        if (draining) {
            finish();
        }
    }

    /** Has the host's peer learn that the connection did not end in order. */
    private void resetOnClose() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // closing in order is the next best
        }
    }

    // ---- the endpoint's wire --------------------------------------------------------------------------------------

    @Override
    public ByteBuffer buffer() {
        return outlet.buffer();
    }

    @Override
    public int at() {
        return Outlet.MESSAGE;
    }

    @Override
    public int largeSegmentSize() {
        return outlet.largeSegmentSize(flow.guest());
    }

    @Override
    public boolean send(int headerLength, int payloadLength, int segmentSize) {
        return outlet.tcp(flow.remote(), flow.guest(), headerLength, payloadLength, segmentSize);
    }

    // ---- output and time ------------------------------------------------------------------------------------------

    /** @return false if this is in the queue already */
    boolean enqueue() {
        boolean was = enqueued;
        enqueued = true;
        return !was;
    }

    void output() {
        enqueued = false;
        if (!endpoint.output()) {
            table.changed(this);
        }
        timer.arm(endpoint.deadline());
    }

    private void timeout() {
        endpoint.timeout();
        table.changed(this);
    }
}
