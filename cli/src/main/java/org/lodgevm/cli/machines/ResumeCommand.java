package org.lodgevm.cli.machines;

import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lodge resume}. */
@Command(name = "resume", description = "Lets machines that were paused go on.", mixinStandardHelpOptions = true)
public final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private MachineNames machines;

    @Override
    public Integer call() throws Exception {
        machines.forEach(machine -> machine.control().ask("resume"));
        return ExitStatus.OK;
    }
}
