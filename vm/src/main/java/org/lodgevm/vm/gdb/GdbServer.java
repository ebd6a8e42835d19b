package org.lodgevm.vm.gdb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.lodgevm.vm.Debugger;
import org.lodgevm.vm.gdb.GdbSession.Message;
import org.lodgevm.vm.gdb.Packets.Incoming;

/**
 * Waits for GDBs, and serves them one after the other. While one is connected the machine stops and goes as GDB likes; when it leaves, the machine goes on.
 *
 * <p>Whoever connects has power over the guest, as if it were the owner: a port is open to this host's users only, a socket to those whom its folder
 * lets in.
 */
public final class GdbServer implements AutoCloseable {
    private final Debugger machine;
    private final ServerSocketChannel channel;
    private volatile BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private volatile SocketChannel connection;

    private GdbServer(Debugger machine, ServerSocketChannel channel) {
        this.machine = machine;
        this.channel = channel;
        machine.listen((event, cpu) -> messages.add(new Message.Stopped(event, cpu)));
        Thread.ofPlatform().daemon().name("gdb").start(this::serve);
    }

    /** Listens on this host's loopback address. @param port 0 for one that is free */
    public static GdbServer onPort(Debugger machine, int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
        bind(channel, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        return new GdbServer(machine, channel);
    }

    /** Listens on a Unix socket. One that is there already is replaced: a process that was killed may have left it. */
    public static GdbServer onSocket(Debugger machine, Path socket) throws IOException {
        if (Files.exists(socket) && Files.readAttributes(socket, BasicFileAttributes.class).isOther()) {
            Files.delete(socket);
        }
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        bind(channel, UnixDomainSocketAddress.of(socket));
        return new GdbServer(machine, channel);
    }

    private static void bind(ServerSocketChannel channel, SocketAddress address) throws IOException {
        try {
            channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw new IOException("GDB cannot be waited for at %s: %s".formatted(address, e.getMessage()), e);
        }
    }

    /** Where it listens. */
    public SocketAddress address() throws IOException {
        return channel.getLocalAddress();
    }

    private void serve() {
        while (channel.isOpen()) {
            try (SocketChannel accepted = channel.accept()) {
                connection = accepted;
                serve(accepted);
            } catch (IOException | InterruptedException e) {
                // this GDB is gone, or the server closed
            }
        }
    }

    private void serve(SocketChannel accepted) throws IOException, InterruptedException {
        BlockingQueue<Message> fresh = new LinkedBlockingQueue<>();
        messages = fresh;
        machine.onEnd(_ -> fresh.add(new Message.Ended()));
        Packets packets = new Packets(Channels.newInputStream(accepted), Channels.newOutputStream(accepted));
        Thread.ofVirtual().name("gdb-reader").start(() -> read(packets, fresh));
        new GdbSession(machine, packets, fresh).run();
    }

    private static void read(Packets packets, BlockingQueue<Message> messages) {
        Incoming incoming;
        do {
            try {
                incoming = packets.receive();
            } catch (IOException e) {
                incoming = new Incoming.End();
            }
            messages.add(new Message.Received(incoming));
        } while (!(incoming instanceof Incoming.End));
    }

    @Override
    public void close() throws IOException {
        channel.close();
        SocketChannel open = connection;
        if (open != null) {
            open.close();
        }
    }
}
