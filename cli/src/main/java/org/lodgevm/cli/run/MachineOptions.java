package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Confinement;
import org.lodgevm.machine.CpuLevel;
import org.lodgevm.net.user.UserNetwork;
import org.lodgevm.vm.Accelerators;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.RebootAction;
import org.lodgevm.vm.ShutdownAction;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say what machine it is. */
final class MachineOptions {
    private static final String LOCKSTEP = "lockstep";

    @Option(names = "--kernel", paramLabel = "FILE", description = "Boot this: a Linux bzImage, or an ELF kernel with a PVH note or multiboot header.")
    private Path kernel;

    @Option(names = "--initrd", paramLabel = "FILE[,FILE]", description = "The kernel's initial RAM disk, or its modules.")
    private String initrd;

    @Option(names = "--append", paramLabel = "TEXT", description = "The kernel's command line; with Lodge's own guest, added to it.")
    private String append;

    @Option(names = "--bios", paramLabel = "FILE", description = "Boot this image at the reset vector instead of a kernel.")
    private Path bios;

    @Option(names = {"--cpus", "--smp"}, paramLabel = "N", defaultValue = "1", description = "CPUs (${DEFAULT-VALUE}).")
    private int cpus;

    @Option(
            names = "--cpu-level",
            paramLabel = "LEVEL", // picocli's script for bash knows by this what it can be, so that no other one may have it
            defaultValue = "max",
            converter = LevelName.class,
            description = "Features that CPUs show: max, or no more than x86-64-v3, for a guest that is to go on with another "
                    + "accelerator or on another host (${DEFAULT-VALUE}).")
    private CpuLevel cpuLevel;

    @Option(
            names = {"-m", "--memory"},
            paramLabel = "SIZE",
            defaultValue = "512M",
            converter = MemorySize.class,
            description = "RAM, as 512M or 2G; a plain number is MiB (${DEFAULT-VALUE}).")
    private long memory;

    @Option(
            names = "--huge-pages",
            description = "Let RAM lie on huge pages that the host has reserved, for guests that use much of it (lodge doctor tells how many are free).")
    private boolean hugePages;

    @Option(
            names = "--accel",
            paramLabel = "NAME",
            defaultValue = "auto",
            completionCandidates = AcceleratorNames.class,
            description = "What executes the guest: auto, or an accelerator's name such as interpreter (${DEFAULT-VALUE}).")
    private String accelerator;

    @Option(
            names = "--check-translation",
            description = "Interpret the guest, compare each block with its translation, end at the first difference: --accel lockstep.")
    private boolean checkTranslation;

    @Mixin
    private TranslationOptions translations;

    @Option(names = "--no-reboot", description = "When the guest reboots, end instead.")
    private boolean noReboot;

    @Option(
            names = "--triple-fault",
            paramLabel = "crash|reset",
            defaultValue = "crash",
            description = "What a triple fault does: crash tells the registers and ends; reset is what a PC does (${DEFAULT-VALUE}).")
    private ShutdownAction tripleFault;

    @Mixin
    private DeviceOptions devices;

    @Mixin
    private VolumeOptions volumes;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private SeedOptions seed;

    @Mixin
    private Sandbox sandbox;

    private Accelerator chosen;

    /** Whether the user brings what is to be booted. */
    boolean guestIsUsers() {
        return kernel != null || bios != null;
    }

    boolean hasInitrd() {
        return initrd != null;
    }

    /** Refuses what makes no sense, before anything is done for the machine. */
    void check() {
        seed.check();
        network.check();
    }

    /** Whether the guest finds out from a disk what it is to become. */
    boolean seeded() {
        return seed.present();
    }

    /** Whether the user decides where translations come from. */
    boolean hasTranslations() {
        return translations.present();
    }

    Accelerator.Cpus cpus() {
        return new Accelerator.Cpus(cpus, cpuLevel);
    }

    /** What executes the guest; found out once. */
    Accelerator accelerator(Consumer<String> log) {
        if (chosen == null) {
            chosen = Accelerators.choose(checkTranslation ? LOCKSTEP : accelerator, Accelerators.installed(), log);
        }
        return chosen;
    }

    /** Everything that concerns any guest. What it boots has to be described before. */
    void describe(MachineBuilder machine) {
        machine.cpus(cpus)
                .cpuLevel(cpuLevel)
                .memory(memory)
                .accelerator(checkTranslation ? LOCKSTEP : accelerator)
                .rebootAction(noReboot ? RebootAction.EXIT : RebootAction.RESTART)
                .onShutdown(tripleFault);
        if (chosen != null) {
            machine.accelerator(chosen);
        }
        if (hugePages) {
            machine.hugePages();
        }
        translations.describe(machine);
        devices.describe(machine);
        volumes.attach(machine);
        seed.attach(machine);
        if (append != null) {
            machine.append(append);
        }
    }

    /**
     * Starts the network that the guest is to have.
     *
     * @param byDefault whether there is one, if the user says nothing
     * @param say is told, now and later, what the user has to know of it
     * @return what is to be closed after the machine, or null
     */
    UserNetwork connect(MachineBuilder machine, boolean byDefault, Consumer<String> say) throws IOException {
        return network.connect(machine, byDefault, say);
    }

    boolean hasNetwork(boolean byDefault) {
        return network.present(byDefault);
    }

    /** Drivers that a guest of ours needs for the devices that were asked for. @throws Failure if it has no use for one */
    List<String> drivers() {
        seed.refuse();
        List<String> drivers = new ArrayList<>(devices.drivers(hasNetwork(false)));
        if (!volumes.drivers().isEmpty()) {
            drivers.add(transportDriver());
            drivers.addAll(volumes.drivers());
        }
        return drivers;
    }

    /** Those that a guest of ours needs that goes on for long. */
    List<String> backgroundDrivers() {
        return devices.backgroundDrivers();
    }

    /** Has a guest of ours mount the shared folders. Called after its initial RAM disk was named. */
    void mountVolumes(MachineBuilder machine) {
        volumes.mount(machine);
    }

    /** The one that all of these need. */
    String transportDriver() {
        return devices.transportDriver();
    }

    /**
     * Confines this process to what this machine, which is not started yet, needs, memory included.
     *
     * @param writable files and folders beside those that are open
     */
    void confine(Optional<Confinement> confinement, Machine machine, List<Path> writable, Consumer<String> log) {
        HeapKeeper.start();
        sandbox.enter(confinement, machine.spec(), writable, log);
    }

    /** What there is to choose from. */
    static final class AcceleratorNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.concat(Stream.of(Accelerators.AUTO), Accelerators.installed().stream().map(Accelerator::name)).iterator();
        }
    }

    /** Reads a level's name. */
    static final class LevelName implements ITypeConverter<CpuLevel> {
        @Override
        public CpuLevel convert(String text) {
            try {
                return CpuLevel.named(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** What to boot, when the user brings it. */
    void describeGuest(MachineBuilder machine) {
        if (kernel != null) {
            machine.kernel(kernel);
        }
        if (initrd != null) {
            machine.initrd(initrd);
        }
        if (bios != null) {
            machine.bios(bios);
        }
    }
}
