package org.lodgevm.cli.machines;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.RunRecord;
import org.lodgevm.manage.control.ControlException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge stop}. */
@Command(
        name = "stop",
        description = "Shuts machines down: asks the guest, and cuts the power of one that does not listen.",
        mixinStandardHelpOptions = true)
public final class StopCommand implements Callable<Integer> {
    /** How long a process whose machine has ended, or that is killed, may take for the rest. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Mixin
    private MachineNames machines;

    @Mixin
    private How how;

    /** The options that {@code restart} has, too. */
    static final class How {
        /** Without asking. */
        static final How FORCED = new How();

        static {
            FORCED.force = true;
        }

        @Option(
                names = {"-t", "--timeout"},
                paramLabel = "SECONDS",
                defaultValue = "30",
                description = "How long the guest may take (${DEFAULT-VALUE}).")
        private int timeout;

        @Option(names = {"-f", "--force"}, description = "Cut the power at once, and end a process that does not answer.")
        private boolean force;
    }

    @Override
    public Integer call() throws Exception {
        machines.forEach(machine -> stop(machine, how));
        return ExitStatus.OK;
    }

    /** On return no process has the machine any more. */
    static void stop(MachineFolder machine, How how) throws IOException, InterruptedException {
        RunRecord run = machine.run().orElse(null);
        if (run == null || !run.isAlive()) {
            machine.control(); // says so
        }
        ProcessHandle process = run.process();
        try {
            if (how.force) {
                machine.control().ask("stop", PATIENCE);
            } else {
                machine.control().powerDown(Duration.ofSeconds(how.timeout));
            }
        } catch (IOException e) {
            if (!how.force && e instanceof ControlException) {
                throw e; // it does answer
            }
            if (!how.force && process.isAlive()) {
                throw new Failure(ExitStatus.HOST, "machine '%s' does not answer (process %d); end it: lodge stop --force %s".formatted(
                        machine.name(), process.pid(), machine.name()), e);
            }
        }
        if (!machine.awaitRelease(PATIENCE)) {
            if (!how.force) {
                throw new Failure(ExitStatus.HOST, "the machine has ended, its process %d has not".formatted(process.pid()));
            }
            process.destroyForcibly();
            machine.awaitRelease(PATIENCE);
        }
    }
}
