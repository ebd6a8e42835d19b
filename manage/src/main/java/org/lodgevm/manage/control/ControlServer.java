package org.lodgevm.manage.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.migration.Arrival;
import org.lodgevm.vm.migration.MigrationSource;
import org.lodgevm.vm.migration.Protection;
import org.lodgevm.vm.migration.RemoteMemory;

/** The machine's end of control: takes connections until it is closed. */
public final class ControlServer implements AutoCloseable {
    /** Version of the protocol; another one would not be understood. */
    public static final int PROTOCOL = 1;

    /** At a time. */
    static final int MOST_CONNECTIONS = 64;

    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Path socket;
    private final Home home;
    private final ServerSocketChannel channel;
    private final UserPrincipal owner;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    /** Guarded by this. */
    private Machine machine;
    private List<String> published = List.of();
    private Protection protection;
    /** Or null, if it does not come from elsewhere. */
    private Supplier<Arrival> arrival;
    /** What follows the machine to here, or did. */
    private RemoteMemory rest;
    /** The last attempt to move the machine away. */
    private MigrationSource migration;

    /**
     * Starts to listen. Whoever connects before {@link #machine} is told that the machine is starting.
     *
     * @param socket in a folder that only its owner can enter; what a dead process left there is replaced
     * @param home of the machine
     */
    public ControlServer(Path socket, Home home) throws IOException {
        this.socket = socket;
        this.home = home;
        Files.deleteIfExists(socket);
        channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        restrict(socket);
        owner = Files.getOwner(socket);
        Thread.ofPlatform().daemon().name("control").start(this::accept);
    }

    private static void restrict(Path socket) throws IOException {
        if (Files.getFileStore(socket.getParent()).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** The machine that is controlled from now on. @param ports of this host that lead to it, as {@code 127.0.0.1:8080:80} */
    public synchronized void machine(Machine value, List<String> ports) {
        machine = value;
        published = List.copyOf(ports);
    }

    synchronized List<String> published() {
        return published;
    }

    synchronized Optional<Machine> machine() {
        return Optional.ofNullable(machine);
    }

    /** The machine comes from elsewhere: until it is here, this tells how far it is. */
    public synchronized void arriving(Supplier<Arrival> progress) {
        arrival = progress;
    }

    /** How far the machine is; empty if it is here, or starts here. */
    synchronized Optional<Arrival> arrival() {
        return machine == null && arrival != null ? Optional.of(arrival.get()) : Optional.empty();
    }

    /** Memory follows the machine to here. */
    public synchronized void rest(RemoteMemory following) {
        rest = following;
    }

    synchronized Optional<RemoteMemory> rest() {
        return Optional.ofNullable(rest);
    }

    synchronized void migration(MigrationSource begun) {
        migration = begun;
    }

    synchronized Optional<MigrationSource> migration() {
        return Optional.ofNullable(migration);
    }

    /** @throws ControlException if there is another one */
    synchronized void protect(Protection begun) throws ControlException {
        if (protection != null) {
            throw new ControlException(Code.STATE, "the machine is protected already; end that first: lodge protect --stop " + home.name());
        }
        protection = begun;
    }

    synchronized void unprotected(Protection ended) {
        if (protection == ended) {
            protection = null;
        }
    }

    synchronized Optional<Protection> protection() {
        return Optional.ofNullable(protection);
    }

    /** Ends the protection, if there is one, and waits for its end. */
    void unprotect() throws ControlException, InterruptedException {
        Protection running = protection().orElseThrow(() -> new ControlException(Code.STATE, "the machine is not protected"));
        running.stop();
        running.awaitEnd();
    }

    Home home() {
        return home;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = channel.accept();
                Session session = new Session(this, new Wire(connection));
                if (isOwners(connection) && sessions.size() < MOST_CONNECTIONS) {
                    serve(session);
                } else {
                    session.close();
                }
            }
        } catch (IOException closed) {
            // nobody is to connect any more
        }
    }

    private void serve(Session session) {
        sessions.add(session);
        Thread.ofVirtual().name("control session").start(() -> {
            try {
                session.run();
            } finally {
                ended(session);
            }
        });
    }

    private void ended(Session session) {
        sessions.remove(session);
        synchronized (sessions) {
            sessions.notifyAll();
        }
    }

    /** Whether the process at the other end is of the user whose socket it is, as far as the system tells. */
    private boolean isOwners(SocketChannel connection) {
        try {
            return connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(owner);
        } catch (UnsupportedOperationException e) {
            return true; // the folder's permissions are all there is
        } catch (IOException e) {
            return false; // it has gone already
        }
    }

    /** Answers under way are still sent. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(socket);
        long deadline = System.nanoTime() + FAREWELL.toNanos();
        try {
            synchronized (sessions) {
                long left;
                while (sessions.stream().anyMatch(Session::isBusy) && (left = deadline - System.nanoTime()) > 0) {
                    TimeUnit.NANOSECONDS.timedWait(sessions, left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sessions.forEach(Session::close);
    }

    /** A session has answered. */
    void answered() {
        synchronized (sessions) {
            sessions.notifyAll();
        }
    }
}
