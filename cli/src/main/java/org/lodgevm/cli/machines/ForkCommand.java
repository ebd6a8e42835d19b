package org.lodgevm.cli.machines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.run.SuperviseCommand;
import org.lodgevm.manage.MachineFile;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineStore;
import org.lodgevm.manage.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lodge fork}. */
@Command(
        name = "fork",
        description = "Makes a running copy of a running machine, which shares its memory until one of both writes to it.",
        mixinStandardHelpOptions = true)
public final class ForkCommand implements Callable<Integer> {
    @Mixin
    private MachineName original;

    @Parameters(index = "1", paramLabel = "NEW", description = "The copy's name.")
    private String name;

    @Override
    public Integer call() throws Exception {
        MachineFolder from = original.machine();
        MachineFile file = from.definition();
        ControlClient running = from.control();
        MachineFolder copy = MachineStore.ofUser().create(name, new MachineFile(
                file.format(), UUID.randomUUID(), Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), file.folder(), file.image(), file.options()));
        Path description = from.path().resolve("fork-" + name); // where its process, confined to this folder, may write
        try {
            running.ask("share", description);
            new Launch(copy, SuperviseCommand.FORK, description.toString()).run();
        } catch (Exception e) {
            copy.remove();
            throw e;
        } finally {
            Files.deleteIfExists(description);
        }
        return ExitStatus.OK;
    }
}
