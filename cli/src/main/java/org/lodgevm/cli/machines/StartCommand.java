package org.lodgevm.cli.machines;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.run.NamedGuest;
import org.lodgevm.cli.run.Preparation;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.vm.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge start}. */
@Command(
        name = "start",
        description = "Starts machines, each in a process of its own that goes on when this terminal is closed.",
        mixinStandardHelpOptions = true)
public final class StartCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private MachineNames machines;

    @Option(names = {"-q", "--quiet"}, description = "Show nothing but errors.")
    private boolean quiet;

    public StartCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        machines.forEach(machine -> start(machine, streams, quiet));
        return ExitStatus.OK;
    }

    /** On return the machine runs. */
    public static void start(MachineFolder machine, StandardStreams streams, boolean quiet) throws IOException, InterruptedException {
        if (machine.status().state().isAlive()) {
            throw new Failure(ExitStatus.USAGE, "machine '%s' runs already (process %d); stop it: lodge stop %s".formatted(
                    machine.name(), machine.run().orElseThrow().pid(), machine.name()));
        }
        try (Launch launch = new Launch(machine);
                Preparation preparation = new Preparation(streams, quiet)) {
            // What has to be downloaded is, where it can be seen; the machine's process finds it ready.
            NamedGuest.of(machine).describe(Machine.builder(), preparation.progress());
            launch.go();
        }
    }
}
