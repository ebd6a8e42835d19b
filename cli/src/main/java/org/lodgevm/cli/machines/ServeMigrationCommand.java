package org.lodgevm.cli.machines;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.migration.TcpAddress;
import org.lodgevm.manage.migration.Tls;
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
    private static final int BUFFER = 1 << 18;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final StandardStreams streams;

    @Option(names = "--listen", paramLabel = "tcp://HOST:PORT", defaultValue = "tcp://localhost:7777", description = "Where to listen (${DEFAULT-VALUE}).")
    private String address;

    @Mixin
    private TlsOptions options;

    public ServeMigrationCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        TcpAddress place = TcpAddress.parse(address);
        Optional<Tls> tls = options.tls();
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

    /** Each machine gets a process of its own; we pass on what is said. */
    private void receive(Socket accepted, Optional<Tls> tls) {
        try (accepted; Socket connection = tls.isPresent() ? tls.get().accept(accepted, HANDSHAKE) : accepted) {
            accepted.setTcpNoDelay(true);
            Process process = new ProcessBuilder(Launch.detached("receive")).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (OutputStream toProcess = process.getOutputStream(); InputStream fromProcess = process.getInputStream()) {
                Thread.ofVirtual().name("migration answers").start(() -> pass(fromProcess, connection));
                copy(connection.getInputStream(), toProcess);
            }
        } catch (IOException e) {
            streams.err().println("lodge: a migration from %s ended: %s".formatted(accepted.getRemoteSocketAddress(), e.getMessage()));
        }
    }

    private static void pass(InputStream fromProcess, Socket connection) {
        try (connection) {
            copy(fromProcess, connection.getOutputStream());
        } catch (IOException e) {
            // the source is gone; the process notices by the end of its input
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            to.write(buffer, 0, length);
            to.flush();
        }
    }
}
