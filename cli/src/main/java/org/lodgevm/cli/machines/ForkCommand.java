package org.lodgevm.cli.machines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.run.SuperviseCommand;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.MachineStore;
import org.lodgevm.manage.control.ControlClient;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.guest.GuestResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge fork}. */
@Command(
        name = "fork",
        description = "Makes a running copy of a running machine, which shares its memory until one of both writes to it.",
        mixinStandardHelpOptions = true)
public final class ForkCommand implements Callable<Integer> {
    /** Of the seconds since 1970 and the first card's address, from which those of others follow. */
    private static final String RENEWAL = """
            date -s "@$1" >/dev/null || exit
            last=$(printf %d "0x${2##*:}")
            for card in /sys/class/net/*; do
              [ -e "$card/device" ] || continue
              ip link set dev "${card##*/}" address "${2%:*}:$(printf %02x "$last")" || exit
              last=$((last + 1 & 255))
            done
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Mixin
    private MachineName original;

    @Parameters(index = "1", paramLabel = "NEW", description = "The copy's name.")
    private String name;

    @Option(names = "--renew", description = "Set the copy's clock to the host's time and give its network cards addresses of its own; its guest's agent does that.")
    private boolean renew;

    @Override
    public Integer call() throws Exception {
        MachineFolder from = original.machine();
        ControlClient running = from.control();
        MachineFolder copy = MachineStore.ofUser().create(name, from.definition());
        Path description = from.path().resolve("fork-" + name); // where its process, confined to this folder, may write
        try (Launch launch = new Launch(copy, SuperviseCommand.FORK, description.toString())) {
            copy.copy(from, running.share(description));
            launch.go();
        } catch (Exception e) {
            copy.remove();
            throw e;
        } finally {
            Files.deleteIfExists(description);
        }
        if (renew) {
            renew(copy);
        }
        return ExitStatus.OK;
    }

    private static void renew(MachineFolder copy) throws IOException, InterruptedException {
        String address = DeviceSpec.Network.of(copy.name()).mac();
        GuestResult result = copy.control().shell(PATIENCE).exec("sh", "-c", RENEWAL, "renew", Long.toString(Instant.now().getEpochSecond()), address);
        if (result.status() != 0) {
            throw new Failure(ExitStatus.HOST, "machine '%s' runs, but its guest could not renew itself: %s".formatted(copy.name(), result.errors()));
        }
        copy.control().ask("announce");
    }
}
