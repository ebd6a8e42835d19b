package org.lodgevm.cli.machines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.MachineFile;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge inspect}. */
@Command(
        name = "inspect",
        description = "Tells what machines are, where their files are and, of those that run, how they do. As JSON.",
        mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private MachineNames machines;

    @SuppressWarnings("UnusedVariable") // scripts may say it here, too
    @Option(names = "--json", description = "As JSON, which it is anyway.")
    private boolean json;

    public InspectCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        List<Map<String, Object>> all = new ArrayList<>();
        machines.forEach(machine -> all.add(describe(machine)));
        streams.out().write((MachineJson.of(all) + "\n").getBytes(StandardCharsets.UTF_8));
        return ExitStatus.OK;
    }

    private static Map<String, Object> describe(MachineFolder machine) throws IOException {
        Map<String, Object> described = new LinkedHashMap<>();
        MachineFile file = machine.definition();
        MachineFolder.Status status = machine.status();
        MachineState state = status.state();
        described.put("name", machine.name());
        described.put("state", state.toString());
        described.put("folder", machine.path().toString());
        described.put("definition", machine.path().resolve("machine.json").toString());
        described.put("consoleLog", machine.consoleLog().toString());
        described.put("log", machine.lodgeLog().toString());
        described.put("uuid", file.uuid().toString());
        described.put("created", file.created());
        if (file.image() != null) {
            described.put("image", file.image());
        }
        described.put("options", file.options());
        machine.end().ifPresent(end -> described.put("lastEnd", ListCommand.describe(end)));
        if (state.isBuilt()) {
            described.put("socket", machine.run().orElseThrow().socket());
            described.put("report", machine.control().ask("inspect"));
        }
        if (state == MachineState.ARRIVING || state == MachineState.STANDBY) {
            described.put("arrival", status.report().path("arrival"));
        }
        return described;
    }
}
