package org.lodgevm.cli.machines;

import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lodge restart}. */
@Command(
        name = "restart",
        description = "Shuts machines down, if they run, and starts them anew, as machine.json says now.",
        mixinStandardHelpOptions = true)
public final class RestartCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private MachineNames machines;

    @Mixin
    private StopCommand.How how;

    public RestartCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        machines.forEach(machine -> {
            if (machine.status().state().isAlive()) {
                StopCommand.stop(machine, how);
            }
            StartCommand.start(machine, streams, false);
        });
        return ExitStatus.OK;
    }
}
