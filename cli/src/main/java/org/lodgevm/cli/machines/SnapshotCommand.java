package org.lodgevm.cli.machines;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.json.Json;
import org.lodgevm.cli.run.NamedGuest;
import org.lodgevm.cli.run.SuperviseCommand;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.image.Progress;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.machine.state.StateFormat;
import org.lodgevm.machine.state.Value;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.ManageException;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.file.HostFile;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.snapshot.Description;
import org.lodgevm.vm.snapshot.SnapshotException;
import org.lodgevm.vm.snapshot.SnapshotFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lodge snapshot}. */
@Command(
        name = "snapshot",
        description = "Keeps what machines are at a moment, memory and disks included, and goes back to it.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class SnapshotCommand implements Runnable {
    private static final String TAG = "What the snapshot is called.";

    private final StandardStreams streams;

    @Spec
    private CommandSpec spec;

    private SnapshotCommand(StandardStreams streams) {
        this.streams = streams;
    }

    public static CommandLine of(StandardStreams streams) {
        return new CommandLine(new SnapshotCommand(streams));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what is to be done? Name one of " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(name = "create", description = "Takes one of a running machine, which goes on.", mixinStandardHelpOptions = true)
    int create(
            @Mixin MachineName name,
            @Parameters(index = "1", paramLabel = "TAG", description = TAG) String tag,
            @Option(names = "--compress", description = "Make it smaller. To restore it, all of its memory is read before the machine runs.") boolean compress)
            throws IOException {
        MachineFolder machine = name.machine();
        machine.control().snapshot(machine.snapshots().add(tag), compress);
        return ExitStatus.OK;
    }

    @Command(name = "list", description = "Lists a machine's.", mixinStandardHelpOptions = true)
    int list(@Mixin MachineName name, @Option(names = "--json", description = "As JSON.") boolean json) throws IOException {
        MachineFolder machine = name.machine();
        List<Map<String, Object>> all = machine.snapshots().tags().stream().map(tag -> describe(machine, tag)).toList();
        if (json) {
            print(Json.of(all));
        } else if (!all.isEmpty()) {
            print("%-24s %10s %10s  %s".formatted("TAG", "MEMORY", "ON DISK", "CREATED"));
            for (Map<String, Object> each : all) {
                print("%-24s %10s %10s  %s".formatted(each.get("tag"), mib(each.get("memory")), mib(each.get("bytes")), each.getOrDefault("created", each.get("problem"))));
            }
        }
        return ExitStatus.OK;
    }

    private static String mib(Object bytes) {
        return bytes instanceof Long number ? (number >> 20) + " MiB" : "";
    }

    /** Without the holes that stand for pages of zeros. */
    static long onDisk(Path file) throws IOException {
        try (HostFile stored = HostFile.open(file, Access.READ_UNLOCKED)) {
            return stored.allocated();
        }
    }

    private static Map<String, Object> describe(MachineFolder machine, String tag) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("tag", tag);
        try {
            SnapshotFile file = machine.snapshots().open(tag);
            Description what = file.description();
            described.put("created", what.created());
            described.put("cpus", what.cpus());
            described.put("memory", what.memory());
            described.put("accelerator", what.accelerator());
            described.put("devices", what.devices());
            described.put("bytes", onDisk(file.path()));
        } catch (ManageException | IOException e) {
            described.put("problem", e.getMessage());
        }
        return described;
    }

    @Command(
            name = "restore",
            description = "Goes back to one: memory, CPUs and disks. The machine's power is cut if it runs; what it was meanwhile is lost.",
            mixinStandardHelpOptions = true)
    int restore(@Mixin MachineName name, @Parameters(index = "1", paramLabel = "TAG", description = TAG) String tag)
            throws IOException, InterruptedException {
        MachineFolder machine = name.machine();
        SnapshotFile file = machine.snapshots().open(tag);
        try (Launch launch = new Launch(machine, SuperviseCommand.RESTORE, file.path().toString())) {
            if (machine.status().state().isAlive()) {
                StopCommand.stop(machine, StopCommand.How.FORCED);
            }
            launch.go();
        }
        return ExitStatus.OK;
    }

    @Command(name = "delete", description = "Deletes one, and what disks kept for it.", mixinStandardHelpOptions = true)
    int delete(@Mixin MachineName name, @Parameters(index = "1", paramLabel = "TAG", description = TAG) String tag) throws IOException {
        MachineFolder machine = name.machine();
        Path path = machine.snapshots().find(tag);
        try {
            SnapshotFile file = SnapshotFile.open(path);
            if (machine.status().state().isAlive()) {
                machine.control().ask("forget", path);
            } else {
                Machine.forget(NamedGuest.of(machine).describe(Machine.builder(), Progress.SILENT).spec(), file);
            }
        } catch (SnapshotException damaged) {
            streams.err().println("lodge: %s; disks may keep what nobody needs: lodge image snapshot lists it".formatted(damaged.getMessage()));
        }
        Files.delete(path);
        return ExitStatus.OK;
    }

    @Command(name = "inspect", description = "Shows what is in one: as JSON what it is of, or all state of CPUs and devices.", mixinStandardHelpOptions = true)
    int inspect(
            @Mixin MachineName name,
            @Parameters(index = "1", paramLabel = "TAG", description = TAG) String tag,
            @Option(names = "--state", description = "Show the state of CPUs and devices, a value a line.") boolean state,
            @Option(names = "--verify", description = "Read all of its memory and check that it is what was saved.") boolean verify)
            throws IOException, SnapshotException, StateException {
        SnapshotFile file = name.machine().snapshots().open(tag);
        if (verify) {
            file.verify();
        }
        if (state) {
            print("", StateFormat.read(file.state()));
        } else {
            print(Json.of(describe(name.machine(), tag)));
        }
        return ExitStatus.OK;
    }

    private void print(String path, Value value) throws IOException {
        switch (value) {
            case Value.Group group -> {
                for (Map.Entry<String, Value> field : group.fields().entrySet()) {
                    print(path + "/" + field.getKey(), field.getValue());
                }
            }
            case Value.Many(List<Value> elements) -> {
                for (int i = 0; i < elements.size(); i++) {
                    print(path + "/" + i, elements.get(i));
                }
            }
            default -> print(path + " = " + value);
        }
    }

    private void print(String line) throws IOException {
        streams.out().write((line + "\n").getBytes(UTF_8));
    }
}
