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
import org.lodgevm.machine.Confinement.Resources;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.MachineSpec;
import org.lodgevm.vm.boot.Boot;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.vm.boot.BootModule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say whether the process of a machine is confined, which it is unless the user does not want that, and how much it may take. */
final class Sandbox {
    private static final int MOST_PERCENT = 100_000;

    @Option(names = "--memory-limit", paramLabel = "SIZE", converter = MemorySize.class,
            description = "Let the machine's process take no more of the host's memory, Lodge's own included (needs cgroup v2).")
    private Long memoryLimit;

    @Option(names = "--cpu-quota", paramLabel = "PERCENT", converter = Percent.class,
            description = "Let the machine's process take no more CPU time than this much of one CPU's, 200%% for two (needs cgroup v2).")
    private Integer cpuQuota;

    @Option(names = "--no-sandbox", description = "Leave the machine's process all rights of its user, instead of those that it needs.")
    private boolean off;

    /**
     * Limits and confines this process. To be called when all that belongs to the machine is open, and before its guest runs.
     *
     * @param confinement the host's, if it has one
     * @param writable files and folders beside those that are open
     * @param log told in one line what this host cannot do
     */
    void enter(Optional<Confinement> confinement, MachineSpec machine, List<Path> writable, Consumer<String> log) {
        limit(confinement);
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

    private void limit(Optional<Confinement> confinement) {
        if (memoryLimit == null && cpuQuota == null) {
            return;
        }
        try {
            confinement.orElseThrow(() -> new IllegalStateException("nothing limits processes on this system")).limit(new Resources(
                    memoryLimit == null ? Resources.UNLIMITED : memoryLimit, cpuQuota == null ? Resources.UNLIMITED : cpuQuota));
        } catch (IllegalStateException e) {
            throw new Failure(ExitStatus.HOST, "the machine's process cannot be limited: " + e.getMessage(), e);
        }
    }

    /** Reads {@code 150%} or {@code 150}. */
    static final class Percent implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
            if (!digits.matches("[1-9]\\d{0,5}") || Integer.parseInt(digits) > MOST_PERCENT) {
                throw new TypeConversionException("'%s' is no share of CPU time: write 150%% for one CPU and a half".formatted(text));
            }
            return Integer.valueOf(digits);
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
