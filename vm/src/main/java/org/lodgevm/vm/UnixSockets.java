package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lodgevm.devices.virtio.socket.SocketDevice;
import org.lodgevm.devices.virtio.socket.SocketListener;
import org.lodgevm.devices.virtio.socket.SocketStream;

/**
 * A guest's sockets as Unix sockets, by the convention that Firecracker has begun, so that its clients are ours. Who connects to the one at the path says
 * {@code CONNECT PORT}, hears {@code OK} and a number, and is then connected to that port of the guest. A connection that the guest makes to a port of the host leads to
 * the socket whose name is the path's, an underscore and the port, and is refused where there is none.
 *
 * <p>Source: Firecracker's documentation, {@code vsock.md}.
 */
final class UnixSockets implements AutoCloseable {
    private static final Pattern CONNECT = Pattern.compile("CONNECT (\\d{1,10})");
    private static final int LONGEST_LINE = 32;
    private static final int BUFFER = 1 << 16;

    private final SocketDevice device;
    private final Path path;
    private final UnixServer server;

    /** @throws MachineException if the socket cannot be made */
    UnixSockets(SocketDevice device, Path path) {
        this.device = device;
        this.path = path;
        server = UnixServer.at(path);
        device.listenElsewhere(this::listener);
        server.serve(host -> Thread.ofVirtual().name("vsock").start(() -> connect(host)));
    }

    // ---- from the host ------------------------------------------------------------------------------------------------

    private void connect(SocketChannel host) {
        try {
            Matcher asked = CONNECT.matcher(readLine(host));
            if (!asked.matches()) {
                throw new IOException("no request");
            }
            SocketStream guest = device.connect(Integer.parseUnsignedInt(asked.group(1)));
            try {
                write(host, ByteBuffer.wrap("OK %s\n".formatted(Integer.toUnsignedString(guest.hostPort())).getBytes(US_ASCII)));
            } catch (IOException e) {
                guest.close();
                throw e;
            }
            join(guest, host);
        } catch (IOException | NumberFormatException e) {
            closeAll(host); // which is how a refusal is told
        }
    }

    /** Byte by byte: what follows is the guest's. */
    private static String readLine(SocketChannel from) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer next = ByteBuffer.allocate(1);
        while (line.length() <= LONGEST_LINE && from.read(next.clear()) > 0) {
            if (next.get(0) == '\n') {
                return line.toString();
            }
            line.append((char) next.get(0));
        }
        throw new IOException("no line");
    }

    // ---- from the guest -----------------------------------------------------------------------------------------------

    /** @return null if nobody can be there */
    private SocketListener listener(int port) {
        Path target = path.resolveSibling("%s_%s".formatted(path.getFileName(), Integer.toUnsignedString(port)));
        return Files.exists(target) ? guest -> reach(guest, target) : null;
    }

    private static void reach(SocketStream guest, Path target) {
        try {
            join(guest, SocketChannel.open(UnixDomainSocketAddress.of(target)));
        } catch (IOException e) {
            closeAll(guest);
        }
    }

    // ---- both -----------------------------------------------------------------------------------------------------------

    /** Returns when both have said all. */
    private static void join(SocketStream guest, SocketChannel host) {
        Thread back = Thread.ofVirtual().name("vsock back").start(() -> {
            try {
                copy(host, guest);
                guest.shutdownOutput();
            } catch (IOException e) {
                closeAll(guest, host);
            }
        });
        try {
            copy(guest, host);
            if (guest.isOver()) {
                closeAll(guest, host);
            } else {
                host.shutdownOutput();
            }
            back.join();
        } catch (IOException e) {
            // one of the two has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeAll(guest, host);
        }
    }

    private static void copy(ByteChannel from, ByteChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (from.read(buffer.clear()) >= 0) {
            write(to, buffer.flip());
        }
    }

    private static void write(ByteChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static void closeAll(AutoCloseable... ends) {
        for (AutoCloseable end : ends) {
            try {
                end.close();
            } catch (Exception e) {
                // so it is closed
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
