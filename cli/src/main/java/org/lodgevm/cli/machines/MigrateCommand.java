package org.lodgevm.cli.machines;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.migration.TcpAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge migrate}. */
@Command(
        name = "migrate",
        description = "Moves a machine to another host while its guest runs. When this is interrupted before the machine is there, it stays.",
        mixinStandardHelpOptions = true)
public final class MigrateCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private MachineName name;

    @Parameters(index = "1", paramLabel = "tcp://HOST:PORT", description = "Where lodge serve-migration runs.")
    private String to;

    @Option(names = "--rate", paramLabel = "MIB", defaultValue = "0", description = "Send no more than so many MiB a second; 0 is no limit (${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--downtime", paramLabel = "MILLISECONDS", defaultValue = "300", description = "How long the guest may stand still (${DEFAULT-VALUE}).")
    private int downtime;

    @Option(names = "--compress", description = "Compress memory, for slow links.")
    private boolean compress;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "1", description = "Send memory by so many connections at once, 1 to 16 (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--no-delta", description = "Send pages as a whole again, instead of what has changed in them.")
    private boolean whole;

    @Mixin
    private TlsOptions tls;

    @Option(names = "--postcopy", description = "Let a guest that writes faster than the link carries go on at the target before all of its memory is there.")
    private boolean postcopy;

    @Option(names = "--copy-storage", description = "Copy disks that can be written to along, into the machine's folder there; otherwise they have to be where both hosts can open them.")
    private boolean storage;

    @Option(names = "--recover", description = "Connect anew, when the connection broke by which memory followed the machine (--postcopy); other options but those of TLS mean nothing then.")
    private boolean recover;

    @Option(names = "--no-throttle", description = "Do not slow down a guest that writes faster than the link carries.")
    private boolean unthrottled;

    @Option(names = "--json", description = "Print each report of progress as a line of JSON.")
    private boolean json;

    public MigrateCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        MachineFolder machine = name.machine();
        TcpAddress address = TcpAddress.parse(to);
        try {
            Map<String, Object> request = new HashMap<>(Map.of("to", address.toString(), "mebibytesPerSecond", rate, "downtime", downtime, "compress", compress,
                    "whole", whole, "unthrottled", unthrottled, "connections", connections, "postcopy", postcopy, "storage", storage));
            request.put("recover", recover);
            request.putAll(tls.request());
            machine.control().migrate(request, this::show);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return ExitStatus.OK;
    }

    private void show(JsonNode progress) {
        if (!json) {
            streams.err().println("lodge: " + describe(progress));
            return;
        }
        try {
            streams.out().write((progress + "\n").getBytes(UTF_8));
            streams.out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(JsonNode progress) {
        long sent = progress.path("bytes").asLong() >> 20;
        long left = progress.path("remainingPages").asLong();
        long downtime = progress.path("downtimeMillis").asLong();
        if (downtime > 0 && left > 0) {
            return "the guest runs there, and stood still for %d ms: %d MiB sent, %d pages follow, %d MiB/s".formatted(
                    downtime, sent, left, progress.path("bytesPerSecond").asLong() >> 20);
        }
        if (downtime > 0) {
            return "moved: %d MiB sent, the guest stood still for %d ms".formatted(sent, downtime);
        }
        long disk = progress.path("diskBytesLeft").asLong() >> 20;
        if (progress.path("round").asInt() == 0) {
            return "disks: %d MiB sent, %d MiB left, %d MiB/s".formatted(sent, disk, progress.path("bytesPerSecond").asLong() >> 20);
        }
        int throttle = progress.path("throttlePercent").asInt();
        return "round %d: %d MiB sent, %d pages%s left, %d MiB/s%s".formatted(progress.path("round").asInt(), sent, left,
                disk == 0 ? "" : " and %d MiB of disks".formatted(disk), progress.path("bytesPerSecond").asLong() >> 20, throttle == 0 ? "" : ", CPUs slowed down by %d %%".formatted(throttle));
    }
}
