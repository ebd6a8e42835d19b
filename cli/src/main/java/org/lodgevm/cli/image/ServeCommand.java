package org.lodgevm.cli.image;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.nbd.NbdServer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge image serve}. */
@Command(
        name = "serve",
        description = "Exports an image by NBD, until interrupted.",
        mixinStandardHelpOptions = true,
        footer = {"", "Whoever can connect can read, and write unless -r is given: there is no authentication."})
final class ServeCommand implements Callable<Integer> {
    private static final int PORT = 10809;

    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Option(names = {"-x", "--export-name"}, paramLabel = "NAME", defaultValue = "", description = "The export's name; otherwise it has none.")
    private String export;

    @Option(names = {"-r", "--read-only"}, description = "Clients may not write.")
    private boolean readOnly;

    @ArgGroup(exclusive = true)
    private Place place = new Place();

    /** Where to listen. */
    static final class Place {
        @Option(names = {"-k", "--socket"}, paramLabel = "PATH", description = "Listen at a Unix socket.")
        private Path socket;

        @Option(names = {"-p", "--port"}, paramLabel = "PORT", description = "Listen at this port of this host alone (" + PORT + ").")
        private int port = PORT;
    }

    ServeCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SocketAddress address = place.socket == null ? new InetSocketAddress("localhost", place.port) : UnixDomainSocketAddress.of(place.socket);
        CountDownLatch closed = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Thread onSignal = new Thread(() -> {
            main.interrupt();
            awaitQuietly(closed); // what was written is in the image before the process ends
        });
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (DiskImage image = source.open(readOnly ? source.toRead() : source.toWrite());
                NbdServer server = NbdServer.start(address, Map.of(export, image))) {
            Printed.out(streams).println("%s is at %s".formatted(source.location(), uri(server.address())));
            awaitQuietly(new CountDownLatch(1));
        } finally {
            closed.countDown();
        }
        return ExitStatus.OK;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            // the end is wanted
        }
    }

    private String uri(SocketAddress address) {
        return address instanceof InetSocketAddress host
                ? "nbd://localhost:%d/%s".formatted(host.getPort(), export)
                : "nbd+unix:///%s?socket=%s".formatted(export, address);
    }
}
