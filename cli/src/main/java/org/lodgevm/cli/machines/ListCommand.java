package org.lodgevm.cli.machines;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.machine.PageSet;
import org.lodgevm.manage.EndRecord;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineState;
import org.lodgevm.manage.MachineStore;
import org.lodgevm.manage.ManageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lodge ls}. */
@Command(
        name = "ls",
        description = "Lists the machines that have a name: those that run first asked how they are.",
        mixinStandardHelpOptions = true)
public final class ListCommand implements Callable<Integer> {
    private static final int PAGES_PER_MEBIBYTE = (1 << 20) / PageSet.PAGE;
    private static final String ROW = "%-20s %-10s %8s %5s %8s  %s%n";

    private final StandardStreams streams;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = {"-q", "--quiet"}, description = "Names only.")
    private boolean quiet;

    public ListCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        MachineStore store = MachineStore.ofUser();
        PrintWriter out = new PrintWriter(streams.out(), false, StandardCharsets.UTF_8);
        if (quiet) {
            store.names().forEach(out::println);
        } else if (json) {
            out.println(MachineJson.of(store.list().stream().map(ListCommand::describe).toList()));
        } else {
            out.printf(ROW, "NAME", "STATE", "PROCESS", "CPUS", "MEMORY", "");
            store.list().forEach(machine -> print(machine, out));
        }
        out.flush();
        return ExitStatus.OK;
    }

    private static void print(MachineFolder machine, PrintWriter out) {
        try {
            MachineFolder.Status status = machine.status();
            JsonNode report = status.report();
            boolean known = report != null && report.has("cpus");
            out.printf(ROW, machine.name(), status.state(),
                    status.state().isAlive() ? machine.run().map(run -> Long.toString(run.pid())).orElse("") : "",
                    known ? report.get("cpus").asText() : "",
                    known ? "%d MiB".formatted(report.get("memory").asLong() >> 20) : "",
                    remark(machine, status));
        } catch (ManageException e) {
            out.printf(ROW, machine.name(), "unknown", "", "", "", e.getMessage());
        }
    }

    private static String remark(MachineFolder machine, MachineFolder.Status status) {
        return switch (status.state()) {
            case STOPPED -> machine.end().map(end -> "%s, %s".formatted(end.reason(), end.time())).orElse("");
            case CRASHED -> "its process was killed; lodge start %s starts it anew".formatted(machine.name());
            case ARRIVING -> "%d MiB have come".formatted(status.report().path("arrival").path("bytes").asLong() >> 20);
            case STANDBY -> "goes on from checkpoint %d when the other side is gone".formatted(status.report().path("arrival").path("checkpoint").asLong());
            case HUNG -> "its process does not answer; lodge stop --force %s ends it".formatted(machine.name());
            case LEAVING -> "runs at another place, which gets the rest of its memory from here";
            case INCOMPLETE -> "waits for %d MiB of its memory; where it came from: lodge migrate --recover".formatted(elsewhere(status));
            case RUNNING -> elsewhere(status) == 0 ? "" : "%d MiB of its memory follow".formatted(elsewhere(status));
            default -> "";
        };
    }

    /** Memory of a machine that has come from another place, and has left it there, in MiB. */
    private static long elsewhere(MachineFolder.Status status) {
        return Math.ceilDiv(status.report().path("memoryElsewhere").path("pages").asLong(), PAGES_PER_MEBIBYTE);
    }

    private static Map<String, Object> describe(MachineFolder machine) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", machine.name());
        described.put("folder", machine.path().toString());
        try {
            MachineFolder.Status status = machine.status();
            described.put("state", status.state().toString());
            if (status.report() != null) {
                described.put("report", status.report());
            }
            machine.end().filter(end -> status.state() == MachineState.STOPPED).ifPresent(end -> described.put("end", describe(end)));
        } catch (ManageException e) {
            described.put("state", "unknown");
            described.put("problem", e.getMessage());
        }
        return described;
    }

    static Map<String, Object> describe(EndRecord end) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("time", end.time());
        described.put("status", end.status());
        described.put("reason", end.reason());
        return described;
    }
}
