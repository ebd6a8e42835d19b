package org.lodgevm.cli.image;

import java.io.IOException;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.json.Json;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Snapshots;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge image snapshot}. */
@Command(name = "snapshot", description = "Lists, makes, applies or deletes the snapshots inside of an image.", mixinStandardHelpOptions = true)
final class SnapshotCommand implements Callable<Integer> {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Mixin
    private Printed printed;

    @ArgGroup(exclusive = true)
    private Action action = new Action();

    /** What to do; list, if nothing is said. */
    static final class Action {
        @SuppressWarnings("UnusedVariable") // it says what is done anyway
        @Option(names = {"-l", "--list"}, description = "List them, as is done without an option.")
        private boolean list;

        @Option(names = {"-c", "--create"}, paramLabel = "NAME", description = "Keep the present state.")
        private String create;

        @Option(names = {"-a", "--apply"}, paramLabel = "NAME|ID", description = "Go back to a state; the present one is lost.")
        private String apply;

        @Option(names = {"-d", "--delete"}, paramLabel = "NAME|ID", description = "Forget a state.")
        private String delete;
    }

    SnapshotCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        boolean list = action.create == null && action.apply == null && action.delete == null;
        try (DiskImage image = source.open((list ? source.toRead() : source.toWrite()).withoutBacking())) {
            Snapshots snapshots = image.snapshots();
            if (action.create != null) {
                snapshots.create(action.create);
            } else if (action.apply != null) {
                snapshots.apply(action.apply);
            } else if (action.delete != null) {
                snapshots.delete(action.delete);
            } else {
                print(snapshots.list());
            }
        }
        return ExitStatus.OK;
    }

    private void print(List<Snapshots.Entry> entries) {
        PrintStream out = Printed.out(streams);
        if (printed.isJson()) {
            out.println(Json.of(entries.stream().map(InfoCommand::describe).toList()));
        } else if (!entries.isEmpty()) {
            out.println("%-6s %-24s %10s  %s".formatted("ID", "NAME", "STATE", "DATE"));
            entries.forEach(entry -> out.println("%-6s %-24s %10s  %s".formatted(
                    entry.id(), entry.name(), Printed.size(entry.vmStateSize()), DATE.format(entry.date()))));
        }
    }
}
