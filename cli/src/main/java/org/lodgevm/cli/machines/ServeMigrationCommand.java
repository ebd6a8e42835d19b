package org.lodgevm.cli.machines;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.MachineStore;
import org.lodgevm.manage.migration.TcpAddress;
import org.lodgevm.manage.migration.Tls;
import org.lodgevm.vm.migration.Gathering;
import org.lodgevm.vm.migration.MigrationLink;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge serve-migration}. */
@Command(
        name = "serve-migration",
        description = "Takes machines that lodge migrate sends here, until interrupted. Machines that have arrived go on without it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Whoever can connect can start machines as you, unless --tls-cert, --tls-key and --tls-ca say whom you know. Otherwise, listen where nobody else can, or let connections come by SSH."})
public final class ServeMigrationCommand implements Callable<Integer> {
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final StandardStreams streams;
    private final Gathering gathering = new Gathering(migration -> MachineStore.ofUser().recovery(migration));

    @Option(names = "--listen", paramLabel = "tcp://HOST:PORT", defaultValue = "tcp://localhost:7777", description = "Where to listen (${DEFAULT-VALUE}).")
    private String address;

    @Option(names = "--overcommit", description = "Take machines that have more memory than there is left here: they need it when they have written to all of theirs.")
    private boolean overcommit;

    @Mixin
    private TlsOptions options;

    public ServeMigrationCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        TcpAddress place = TcpAddress.parse(address);
        Optional<Tls> tls = options.tls();
        MachineStore.ofUser().removeUnarrived();
        try (ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(place.resolve());
            streams.err().println("lodge: machines can come to tcp://%s:%d%s".formatted(place.host(), server.getLocalPort(), tls.isPresent() ? ", by TLS" : ""));
            while (true) {
                Socket connection = server.accept();
                Thread.ofVirtual().name("migration").start(() -> receive(connection, tls));
            }
        }
    }

    /** Each machine gets a process of its own, however many connections; we pass on what is said. */
    private void receive(Socket accepted, Optional<Tls> tls) {
        try (accepted; Socket connection = tls.isPresent() ? tls.get().accept(accepted, HANDSHAKE) : accepted) {
            accepted.setTcpNoDelay(true);
            gathering.serve(MigrationLink.of(connection.getInputStream(), connection.getOutputStream()), this::process);
        } catch (IOException e) {
            streams.err().println("lodge: a migration from %s ended: %s".formatted(accepted.getRemoteSocketAddress(), e.getMessage()));
        }
    }

    private MigrationLink process() throws IOException {
        List<String> command = Launch.detached(overcommit ? new String[] {"receive", "--overcommit"} : new String[] {"receive"});
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.onExit().thenRun(MachineStore.ofUser()::removeUnarrived); // its folder is not in the reach of the process, which is confined
        return MigrationLink.of(process.getInputStream(), process.getOutputStream());
    }
}
