package org.lodgevm.vm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Unix socket by which programs of the host reach something in the guest. It is the machine's, and ends with it. */
final class UnixServer implements AutoCloseable {
    /** Who is given connections, one after the other. */
    @FunctionalInterface
    interface Host {
        void welcome(SocketChannel connection) throws InterruptedException;
    }

    private final ServerSocketChannel channel;
    private final Path path;

    private UnixServer(ServerSocketChannel channel, Path path) {
        this.channel = channel;
        this.path = path;
    }

    /** @throws MachineException if the socket cannot be made */
    static UnixServer at(Path path) {
        try {
            removeStale(path);
            return new UnixServer(bound(path), path);
        } catch (IOException | RuntimeException e) {
            throw new MachineException("programs of the host cannot reach the guest at %s: %s; name another path".formatted(path, e.getMessage()), e);
        }
    }

    private static ServerSocketChannel bound(Path path) throws IOException {
        ServerSocketChannel made = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            return made.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** What a process that is gone has left. */
    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path) || Files.isRegularFile(path) || Files.isDirectory(path)) {
            return;
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("another process listens there");
        } catch (ConnectException e) {
            Files.delete(path);
        }
    }

    /** Connections are welcome from now on; on a thread of this object's. */
    void serve(Host host) {
        Thread.ofVirtual().name("socket " + path).start(() -> {
            try {
                while (true) {
                    host.welcome(channel.accept());
                }
            } catch (IOException | InterruptedException closed) {
                // nobody is to connect any more
            }
        });
    }

    /** A process that may not delete the socket leaves it to the next one. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // so it stays
        }
    }
}
