package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.image.Progress;
import org.lodgevm.machine.Confinement;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** What a machine's file says that runs in it. */
public final class NamedGuest {
    private final GuestOptions options;
    private final Optional<ImageRoot> root;

    private NamedGuest(GuestOptions options, Optional<ImageRoot> root) {
        this.options = options;
        this.root = root;
    }

    /** The file's options, as if they stood on a command line. */
    @Command
    private static final class FileOptions {
        @Mixin
        private GuestOptions guest;
    }

    /** Reads a machine's file. @throws Failure if it makes no sense */
    public static NamedGuest of(MachineFolder machine) {
        FileOptions options = new FileOptions();
        try {
            new CommandLine(options)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(machine.definition().arguments().toArray(String[]::new));
        } catch (ParameterException e) {
            throw new Failure(ExitStatus.NO_INPUT, "machine.json in %s is wrong: %s".formatted(machine.path(), e.getMessage()), e);
        }
        return new NamedGuest(options.guest, ImageRoot.of(machine));
    }

    /** Describes the machine, after getting what its guest needs. */
    public MachineBuilder describe(MachineBuilder builder, Progress progress) throws IOException {
        return options.describe(builder, root, progress);
    }

    /** Confines this process to what this machine, which is not started yet, needs. @param folder the machine's own */
    void confine(Optional<Confinement> confinement, Machine machine, List<Path> places, Consumer<String> log) {
        options.confine(confinement, machine, places, log);
    }

    /** Starts the network that the guest is to have. @return what is to be closed after the machine, or null */
    UserNetwork connect(MachineBuilder builder) throws IOException {
        return options.connect(builder, root.isPresent());
    }
}
