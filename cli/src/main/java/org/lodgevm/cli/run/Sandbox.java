package org.lodgevm.cli.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.machine.Confinement;
import org.lodgevm.machine.Confinement.Access;
import org.lodgevm.machine.Confinement.Prepared;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.MachineSpec;
import org.lodgevm.vm.boot.Boot;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.vm.boot.BootModule;
import picocli.CommandLine.Option;

/** The option that says whether the process of a machine is confined. It is, unless the user does not want that. */
final class Sandbox {
    @Option(names = "--no-sandbox", description = "Leave the machine's process all rights of its user, instead of those that it needs.")
    private boolean off;

    /**
     * Confines this process. To be called when all that belongs to the machine is open, and before its guest runs.
     *
     * @param confinement the host's, if it has one
     * @param writable files and folders beside those that are open
     * @param log told in one line what this host cannot do
     */
    void enter(Optional<Confinement> confinement, MachineSpec machine, List<Path> writable, Consumer<String> log) {
        if (off) {
            return;
        }
        if (confinement.isEmpty()) {
            log.accept("nothing confines the machine's process on this system");
            return;
        }
        confinement.get().barriers().stream().filter(barrier -> barrier.unavailable() != null).map(
                barrier -> "the machine's process is not confined by %s: %s".formatted(barrier.name(), barrier.unavailable())).forEach(log);
        try (Prepared barriers = confinement.get().prepare(new Access(
                Stream.concat(bootFiles(machine.boot()).stream(), folders(machine, true)).toList(),
                Stream.concat(writable.stream(), folders(machine, false)).toList()))) {
            barriers.raise();
        } catch (RuntimeException e) {
            throw new Failure(ExitStatus.HOST, "the machine's process cannot be confined: %s; --no-sandbox runs it as it is".formatted(e.getMessage()), e);
        }
    }

    private static Stream<Path> folders(MachineSpec machine, boolean readOnly) {
        return machine.devices().stream()
                .filter(DeviceSpec.SharedFolder.class::isInstance)
                .map(DeviceSpec.SharedFolder.class::cast)
                .filter(shared -> shared.readOnly() == readOnly)
                .map(DeviceSpec.SharedFolder::folder);
    }

    /** They are read again at each reset. */
    private static List<Path> bootFiles(Boot boot) {
        List<BootFile> files = new ArrayList<>();
        switch (boot) {
            case Boot.Bios(BootFile image) -> files.add(image);
            case Boot.Kernel(BootFile kernel, List<BootModule> modules, String _) -> {
                files.add(kernel);
                modules.forEach(module -> files.add(module.file()));
            }
        }
        return files.stream().filter(BootFile.OnDisk.class::isInstance).map(file -> ((BootFile.OnDisk) file).path()).toList();
    }
}
