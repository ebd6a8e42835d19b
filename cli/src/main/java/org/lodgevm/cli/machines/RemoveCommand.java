package org.lodgevm.cli.machines;

import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.manage.MachineFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge rm}. */
@Command(
        name = "rm",
        description = "Removes machines with their logs and, if they were made from an image, their disks. Disks that they were given stay.",
        mixinStandardHelpOptions = true)
public final class RemoveCommand implements Callable<Integer> {
    @Mixin
    private MachineNames machines;

    @Option(names = {"-f", "--force"}, description = "Cut the power of those that run, and remove what was written to disks since a fork or a move.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        machines.forEach(this::remove);
        return ExitStatus.OK;
    }

    private void remove(MachineFolder machine) throws Exception {
        if (force && machine.status().state().isAlive()) {
            StopCommand.stop(machine, StopCommand.How.FORCED);
        }
        if (!force) {
            machine.forkedDisks().forEach((disk, file) -> {
                throw new Failure(ExitStatus.USAGE, "what '%s' wrote to its disk %s since it was forked or came here is in %s, which would be removed; keep that file (lodge image convert), or use --force".formatted(
                        machine.name(), disk, file));
            });
        }
        machine.remove();
    }
}
