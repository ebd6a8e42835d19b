package org.lodgevm.cli.machines;

import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lodge pause}. */
@Command(name = "pause", description = "Stops the CPUs and clocks of machines until they are resumed.", mixinStandardHelpOptions = true)
public final class PauseCommand implements Callable<Integer> {
    @Mixin
    private MachineNames machines;

    @Override
    public Integer call() throws Exception {
        machines.forEach(machine -> machine.control().ask("pause"));
        return ExitStatus.OK;
    }
}
