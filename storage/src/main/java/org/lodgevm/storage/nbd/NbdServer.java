package org.lodgevm.storage.nbd;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.StorageException;

/**
 * Exports images, until closed, to whoever connects: there is no authentication, so that the address should be one that only those
 * reach who may. The images stay the caller's.
 */
public final class NbdServer implements AutoCloseable {
    /** More clients at a time wait, unaccepted, until one leaves. */
    private static final int MOST_CLIENTS = 64;

    /** Of memory, for the data of all requests at a time: as much as four clients take at most. */
    private static final int PAGES = 4 * Transmission.PAGES;

    private final Map<String, BlockImage> exports;
    private final ServerSocketChannel listener;
    private final Set<ServerSession> sessions = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MOST_CLIENTS);
    private final Semaphore memory = new Semaphore(PAGES, true);
    private final SocketAddress address;

    private NbdServer(Map<String, BlockImage> exports, ServerSocketChannel listener) throws IOException {
        this.exports = Map.copyOf(exports);
        this.listener = listener;
        this.address = listener.getLocalAddress();
    }

    /** @param exports by name; the name "" is what clients get that name none */
    public static NbdServer start(SocketAddress address, Map<String, BlockImage> exports) throws IOException {
        ServerSocketChannel listener =
                address instanceof UnixDomainSocketAddress ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try {
            listener.bind(address);
            NbdServer server = new NbdServer(exports, listener);
            Thread.ofVirtual().name("nbd listener").start(server::accept);
            return server;
        } catch (IOException e) {
            listener.close();
            throw new StorageException(address.toString(), "it cannot be listened at", e);
        }
    }

    /** Where it listens, with the port that was chosen if none was given. */
    public SocketAddress address() {
        return address;
    }

    private void accept() {
        while (listener.isOpen()) {
            places.acquireUninterruptibly();
            boolean taken = false;
            try {
                ServerSession session = new ServerSession(listener.accept(), exports, memory);
                sessions.add(session);
                Thread.ofVirtual().name("nbd session").start(() -> serve(session));
                taken = true;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // this client is gone; there will be others
            } finally {
                if (!taken) {
                    places.release();
                }
            }
        }
    }

    private void serve(ServerSession session) {
        try {
            if (listener.isOpen()) { // else it came in while the others were being closed
                session.run();
            } else {
                session.close();
            }
        } catch (IOException e) {
            // the client is gone, and with it whoever could be told
        } finally {
            sessions.remove(session);
            places.release();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (ServerSession session : sessions) {
            session.close();
        }
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }
}
