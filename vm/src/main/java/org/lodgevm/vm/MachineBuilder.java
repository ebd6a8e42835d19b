package org.lodgevm.vm;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.CpuLevel;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.TranslationFile;
import org.lodgevm.net.Link;
import org.lodgevm.vm.boot.Boot;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.vm.boot.BootModule;
import org.lodgevm.vm.snapshot.SnapshotFile;

/** Describes a {@link Machine} and what it is attached to. Defaults: one CPU, 256 MiB, the best accelerator, restart on reboot. */
public final class MachineBuilder {
    /** Serial ports of a machine: COM1 to COM4. */
    public static final int SERIAL_PORTS = PcLayout.UART_COUNT;

    /** What the machine is connected to on its host; {@code accelerator} is null when the specification's name decides. */
    record Attachments(
            Map<Integer, Streams> serial,
            OutputStream debugConsole,
            Trace trace,
            Consumer<String> log,
            Consumer<String> alert,
            Accelerator accelerator,
            Map<Integer, Link> links,
            Predicate<DeviceSpec.Disk> claimed,
            Origin origin,
            TranslationFile translations,
            boolean hugePages) {}

    /** The host's ends of a serial port; null where there is none. */
    record Streams(InputStream input, OutputStream output) {
        static final Streams NONE = new Streams(null, null);
    }

    private final List<BootModule> modules = new ArrayList<>();
    private final Map<Integer, Streams> serial = new TreeMap<>();
    private String name = "lodge";
    private UUID uuid = UUID.randomUUID();
    private BootFile kernel;
    private BootFile bios;
    private String commandLine = "";
    private int cpus = 1;
    private CpuLevel cpuLevel = CpuLevel.MAX;
    private long memory = 256L << 20;
    private String acceleratorName = Accelerators.AUTO;
    private Accelerator accelerator;
    private RebootAction onReboot = RebootAction.RESTART;
    private ShutdownAction onShutdown = ShutdownAction.CRASH;
    private final List<DeviceSpec> devices = new ArrayList<>();
    /** By the index of the card among {@link #devices}. */
    private final Map<Integer, Link> links = new TreeMap<>();

    private VirtioTransport virtioTransport = VirtioTransport.PCI;
    private OutputStream debugConsole = OutputStream.nullOutputStream();
    private Origin origin;
    private TranslationFile translations;
    private Trace trace = Trace.OFF;
    private Consumer<String> log = line -> {};
    private Consumer<String> alert;
    /** Whether a disk is the machine's from the beginning. */
    private Predicate<DeviceSpec.Disk> claimed = disk -> true;
    private boolean hugePages;

    MachineBuilder() {}

    /** For a machine that is to be like another one, but has nothing attached to it. */
    static MachineBuilder like(MachineSpec spec) {
        MachineBuilder builder = new MachineBuilder()
                .name(spec.name())
                .uuid(spec.uuid())
                .cpus(spec.cpus())
                .cpuLevel(spec.cpuLevel())
                .memory(spec.memory())
                .accelerator(spec.accelerator())
                .rebootAction(spec.onReboot())
                .onShutdown(spec.onShutdown())
                .virtioTransport(spec.virtioTransport());
        switch (spec.boot()) {
            case Boot.Bios(BootFile image) -> builder.bios(image);
            case Boot.Kernel(BootFile file, List<BootModule> files, String text) -> {
                builder.kernel(file).append(text);
                builder.modules.addAll(files);
            }
        }
        spec.devices().forEach(builder::device);
        return builder;
    }

    /** What threads and log lines call the machine. */
    public MachineBuilder name(String value) {
        name = Objects.requireNonNull(value);
        return this;
    }

    /** By which the guest is to know itself. */
    public UUID uuid() {
        return uuid;
    }

    /** By which the guest knows itself; a random one by default. */
    public MachineBuilder uuid(UUID value) {
        uuid = Objects.requireNonNull(value);
        return this;
    }

    /** A Linux bzImage, or a kernel in ELF with a PVH note or a multiboot header; compressed by gzip or not. */
    public MachineBuilder kernel(Path file) {
        return kernel(BootFile.of(file));
    }

    public MachineBuilder kernel(BootFile file) {
        kernel = Objects.requireNonNull(file);
        return this;
    }

    /** Adds an initial RAM disk; Linux sees several as one, concatenated. */
    public MachineBuilder initrd(Path file) {
        return initrd(BootFile.of(file));
    }

    public MachineBuilder initrd(byte[] bytes) {
        return initrd(BootFile.of("the initial RAM disk", bytes));
    }

    public MachineBuilder initrd(BootFile file) {
        return module(file, "");
    }

    /** Adds what a user gave as {@code --initrd}: see {@link BootModule#parse}. */
    public MachineBuilder initrd(String files) {
        modules.addAll(BootModule.parse(files));
        return this;
    }

    /** Adds a multiboot or PVH module with its arguments. */
    public MachineBuilder module(BootFile file, String arguments) {
        modules.add(new BootModule(file, arguments));
        return this;
    }

    /** The kernel's command line; called again, it adds to it after a space. */
    public MachineBuilder append(String text) {
        commandLine = commandLine.isEmpty() ? text : commandLine + " " + text;
        return this;
    }

    /** Firmware to start at the reset vector instead of a kernel. */
    public MachineBuilder bios(Path file) {
        return bios(BootFile.of(file));
    }

    public MachineBuilder bios(BootFile file) {
        bios = Objects.requireNonNull(file);
        return this;
    }

    public MachineBuilder cpus(int count) {
        cpus = count;
        return this;
    }

    /** Up to where CPUs show features, so that the guest can go on with another accelerator or on another host; all that there are by default. */
    public MachineBuilder cpuLevel(CpuLevel value) {
        cpuLevel = Objects.requireNonNull(value);
        return this;
    }

    /** Bytes of RAM. */
    public MachineBuilder memory(long bytes) {
        memory = bytes;
        return this;
    }

    /**
     * Has RAM lie on huge pages that the host has reserved; there must be enough. It shares nothing with other machines or with files then: what a
     * snapshot has is copied.
     */
    public MachineBuilder hugePages() {
        hugePages = true;
        return this;
    }

    /**
     * Connects serial port {@code port} (0 is COM1) to the host; either stream may be null. The end of the input ends
     * nothing. The streams are never closed.
     */
    public MachineBuilder serial(int port, InputStream input, OutputStream output) {
        Objects.checkIndex(port, SERIAL_PORTS);
        serial.put(port, new Streams(input, output));
        return this;
    }

    /** Connects the console, serial port 0. */
    public MachineBuilder console(InputStream input, OutputStream output) {
        return serial(0, input, output);
    }

    /** Where the debug console (port 0xe9) writes. */
    public MachineBuilder debugConsole(OutputStream output) {
        debugConsole = Objects.requireNonNull(output);
        return this;
    }

    /**
     * Has the accelerator use the translations of guest code that an earlier run of the same guest has made. A file that is not there, or of
     * no use to this accelerator, is as good as none.
     *
     * @param file which nobody may be able to change who may not decide what this process executes
     */
    public MachineBuilder translations(Path file) {
        translations = new TranslationFile(file, false);
        return this;
    }

    /** Has the accelerator make such a file, when the machine is closed. Takes it more time than a run without. */
    public MachineBuilder recordTranslations(Path file) {
        translations = new TranslationFile(file, true);
        return this;
    }

    /** An accelerator's name, or {@code auto}. */
    public MachineBuilder accelerator(String value) {
        acceleratorName = Objects.requireNonNull(value);
        return this;
    }

    /** An accelerator that need not be installed as a service. */
    public MachineBuilder accelerator(Accelerator value) {
        accelerator = value;
        return accelerator(value.name());
    }

    public MachineBuilder rebootAction(RebootAction value) {
        onReboot = Objects.requireNonNull(value);
        return this;
    }

    public MachineBuilder onShutdown(ShutdownAction value) {
        onShutdown = Objects.requireNonNull(value);
        return this;
    }

    /** Adds a device; there are none but those of every PC otherwise. */
    public MachineBuilder device(DeviceSpec value) {
        devices.add(Objects.requireNonNull(value));
        return this;
    }

    /** Changes the disks that were added so far. */
    public MachineBuilder disks(UnaryOperator<DeviceSpec.Disk> change) {
        devices.replaceAll(device -> device instanceof DeviceSpec.Disk disk ? change.apply(disk) : device);
        return this;
    }

    /**
     * Adds a network card.
     *
     * @param link what it is plugged into; closed with the machine
     */
    public MachineBuilder network(DeviceSpec.Network value, Link link) {
        device(value);
        links.put(devices.size() - 1, Objects.requireNonNull(link));
        return this;
    }

    /**
     * Plugs a network card that is described already into something.
     *
     * @param card 0 is the first one
     */
    public MachineBuilder link(int card, Link link) {
        int[] cards = IntStream.range(0, devices.size()).filter(i -> devices.get(i) instanceof DeviceSpec.Network).toArray();
        links.put(cards[Objects.checkIndex(card, cards.length)], Objects.requireNonNull(link));
        return this;
    }

    /** How devices are attached; to the PCI bus by default. */
    public MachineBuilder virtioTransport(VirtioTransport value) {
        virtioTransport = Objects.requireNonNull(value);
        return this;
    }

    public MachineBuilder trace(Trace value) {
        trace = Objects.requireNonNull(value);
        return this;
    }

    /** Receives single lines worth telling a user: the accelerator chosen instead of a better one, resets. Any thread. */
    public MachineBuilder log(Consumer<String> value) {
        log = Objects.requireNonNull(value);
        return this;
    }

    /** Where lines go without which the machine's owner would wait in vain: what it is that the machine waits for. With the others by default. */
    public MachineBuilder alert(Consumer<String> value) {
        alert = Objects.requireNonNull(value);
        return this;
    }

    /** The machine is one that comes from elsewhere by {@link Machine#arriving}; its disks are another's until it is there. */
    public MachineBuilder incoming() {
        claimed = disk -> false;
        return this;
    }

    /** The same with disks that come along ({@link org.lodgevm.vm.migration.Hello#disks}): those that can be written to are empty yet, and nobody else's. */
    public MachineBuilder incomingWithDisks() {
        claimed = disk -> !disk.readOnly();
        return this;
    }

    /**
     * Has {@link Machine#start} go on where a snapshot was taken, with the disks as they were then, instead of booting. The machine is
     * otherwise described like the one that the snapshot is of.
     */
    public MachineBuilder restore(SnapshotFile value) {
        return goOn(new SavedOrigin(value));
    }

    MachineBuilder goOn(Origin value) {
        origin = value;
        return this;
    }

    /** The specification that {@link #build} uses. */
    public MachineSpec spec() {
        if (kernel != null && bios != null) {
            throw new IllegalArgumentException("a machine boots a kernel or a BIOS, not both; leave one out");
        }
        if (kernel == null && !modules.isEmpty()) {
            throw new IllegalArgumentException("an initial RAM disk needs a kernel; name one");
        }
        Boot boot = kernel != null ? new Boot.Kernel(kernel, modules, commandLine) : bios != null ? new Boot.Bios(bios) : null;
        return new MachineSpec(name, uuid, boot, cpus, cpuLevel, memory, acceleratorName, onReboot, onShutdown, virtioTransport, devices);
    }

    /**
     * Assembles the machine, powered off.
     *
     * @throws MachineException when this host cannot run it
     * @throws IllegalArgumentException when the description makes no sense
     */
    public Machine build() {
        return new Machine(spec(), new Attachments(Map.copyOf(serial), debugConsole, trace, log, alert == null ? log : alert, accelerator, Map.copyOf(links), claimed, origin, translations, hugePages));
    }
}
