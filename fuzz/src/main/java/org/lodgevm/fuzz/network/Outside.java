package org.lodgevm.fuzz.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.net.user.plan.PortForward;

/** What is on the host, on its loopback addresses: a server, a resolver, and clients of forwarded ports. Shared by all cases. */
final class Outside implements AutoCloseable {
    private static final int MOST = 1 << 16;
    private static final int RESPONSE = 0x80;

    private final ServerSocketChannel server = ServerSocketChannel.open().bind(anyPort());
    private final DatagramChannel resolver = DatagramChannel.open().bind(anyPort());

    Outside() throws IOException {
        Thread.ofPlatform().daemon().name("fuzz-server").start(this::serve);
        Thread.ofPlatform().daemon().name("fuzz-resolver").start(this::resolve);
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int serverPort() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    InetSocketAddress resolver() throws IOException {
        return (InetSocketAddress) resolver.getLocalAddress();
    }

    private void serve() {
        Dice dice = new Dice(1);
        ByteBuffer bytes = ByteBuffer.allocate(MOST);
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                client.configureBlocking(false);
                client.read(bytes.clear());
                for (int i = dice.below(3); i > 0; i--) {
                    client.write(bytes.limit(dice.below(MOST)).position(0));
                }
            } catch (IOException e) {
                // that client has gone, or this is closed
            }
        }
    }

    /** The question comes back as an answer, or something else does. */
    private void resolve() {
        Dice dice = new Dice(2);
        ByteBuffer bytes = ByteBuffer.allocate(MOST);
        while (resolver.isOpen()) {
            try {
                InetSocketAddress client = (InetSocketAddress) resolver.receive(bytes.clear());
                bytes.flip();
                if (bytes.limit() > 3) {
                    bytes.put(2, (byte) (bytes.get(2) | RESPONSE)).put(3, (byte) dice.of(0, 0, 2, 3, 5, dice.below(256)));
                }
                for (int i = dice.below(4); i > 0 && bytes.limit() > 0; i--) {
                    bytes.put(dice.below(bytes.limit()), (byte) dice.bits());
                }
                if (!dice.oneIn(4)) {
                    resolver.send(dice.oneIn(4) ? bytes.limit(dice.below(1 << 15)) : bytes, client);
                }
            } catch (IOException e) {
                // of one answer, or because this is closed
            }
        }
    }

    /** Somebody uses a forwarded port. */
    static void use(PortForward forward, Dice dice) {
        ByteBuffer some = ByteBuffer.wrap(dice.bytes(dice.below(2000)));
        try {
            if (forward.protocol() == PortForward.Protocol.UDP) {
                try (DatagramChannel channel = DatagramChannel.open()) {
                    channel.send(some, forward.host());
                }
            } else {
                try (SocketChannel channel = SocketChannel.open(forward.host())) {
                    channel.configureBlocking(false);
                    channel.write(some);
                }
            }
        } catch (IOException e) {
            // refused, as the guest may do
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        resolver.close();
    }
}
