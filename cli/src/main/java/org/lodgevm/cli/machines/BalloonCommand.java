package org.lodgevm.cli.machines;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.run.MemorySize;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge balloon}. */
@Command(
        name = "balloon",
        description = "Tells what a guest does with its memory, or asks it to do with less, or more, of the machine's.",
        mixinStandardHelpOptions = true)
public final class BalloonCommand implements Callable<Integer> {
    private static final int MEBIBYTE = 20;
    private static final String ROW = "%-20s %8d MiB%n";
    /** What statistics are called that are bytes. */
    private static final String BYTES = ".*-memory|disk-caches";

    private final StandardStreams streams;

    @Mixin
    private MachineName machine;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SIZE", converter = MemorySize.class,
            description = "Memory that the guest is to do with, as 512M; it gives the rest to the host when it can. The machine's memory is the most.")
    private Long size;

    @Option(names = "--json", description = "As JSON, all that the guest says, in bytes.")
    private boolean json;

    public BalloonCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        ControlClient control = machine.machine().control();
        if (size != null) {
            control.balloon((int) Math.min(size >> MEBIBYTE, Integer.MAX_VALUE));
            return ExitStatus.OK;
        }
        JsonNode report = control.ask("balloon");
        PrintWriter out = new PrintWriter(streams.out(), false, StandardCharsets.UTF_8);
        if (json) {
            out.println(MachineJson.of(report));
        } else {
            print(report, out);
        }
        out.flush();
        return ExitStatus.OK;
    }

    private static void print(JsonNode report, PrintWriter out) {
        for (String name : new String[] {"memory", "wanted", "lent"}) {
            out.printf(ROW, name, report.path(name).asLong() >> MEBIBYTE);
        }
        for (Map.Entry<String, JsonNode> statistic : report.path("statistics").properties()) {
            if (statistic.getKey().matches(BYTES)) {
                out.printf(ROW, statistic.getKey(), statistic.getValue().asLong() >> MEBIBYTE);
            }
        }
    }
}
