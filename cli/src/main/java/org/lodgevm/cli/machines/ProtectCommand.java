package org.lodgevm.cli.machines;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.migration.TcpAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge protect}. */
@Command(
        name = "protect",
        description = "Keeps another host ready to go on with a machine when this one fails, until interrupted. The machine goes on without that then.",
        mixinStandardHelpOptions = true)
public final class ProtectCommand implements Callable<Integer> {
    private static final int MICROS_PER_MILLI = 1000;

    private final StandardStreams streams;

    @Mixin
    private MachineName name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "tcp://HOST:PORT", description = "Where lodge serve-migration runs.")
    private String to;

    @Option(names = "--stop", description = "End the machine's protection.")
    private boolean stop;

    @Option(names = {"-d", "--detach"}, description = "Return as soon as the machine is protected, which it stays.")
    private boolean detach;

    @Option(names = "--interval", paramLabel = "MILLISECONDS", defaultValue = "40", description = "From one checkpoint to the next (${DEFAULT-VALUE}).")
    private int interval;

    @Option(names = "--silence", paramLabel = "MILLISECONDS", defaultValue = "2000",
            description = "When nothing has been heard of the other side for so long, it counts as gone (${DEFAULT-VALUE}).")
    private int silence;

    @Option(names = "--compress", description = "Compress memory, for slow links.")
    private boolean compress;

    @Mixin
    private TlsOptions tls;

    @Option(names = "--json", description = "Print each report of progress as a line of JSON.")
    private boolean json;

    private boolean told;

    public ProtectCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        MachineFolder machine = name.machine();
        if (stop == (to != null)) {
            throw new Failure(ExitStatus.USAGE, "name the standby as tcp://host:%d, or end the protection by --stop".formatted(TcpAddress.DEFAULT_PORT));
        }
        if (stop) {
            machine.control().ask("unprotect");
            return ExitStatus.OK;
        }
        try {
            Map<String, Object> request = new HashMap<>(Map.of(
                    "to", TcpAddress.parse(to).toString(), "interval", interval, "silence", silence, "compress", compress, "stay", detach));
            request.putAll(tls.request());
            machine.control().protect(request, this::show);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return ExitStatus.OK;
    }

    /** @return whether to go on */
    private boolean show(JsonNode progress) {
        long checkpoint = progress.path("checkpoint").asLong();
        if (json) {
            print(progress);
        } else if (checkpoint == 0) {
            streams.err().println("lodge: copying: %d MiB sent, %d pages left".formatted(progress.path("bytes").asLong() >> 20,
                    progress.path("copy").path("remainingPages").asLong()));
        } else if (!told) {
            streams.err().println("lodge: the machine is protected%s; checkpoints take %.1f ms, output waits for %.1f ms".formatted(
                    progress.path("fenced").asBoolean() ? "" : ", but not fenced: if no side hears of the other, both run",
                    progress.path("pauseMicros").asDouble() / MICROS_PER_MILLI, progress.path("delayMicros").asDouble() / MICROS_PER_MILLI));
            told = true;
        }
        return !detach || checkpoint == 0;
    }

    private void print(JsonNode progress) {
        try {
            streams.out().write((progress + "\n").getBytes(UTF_8));
            streams.out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
