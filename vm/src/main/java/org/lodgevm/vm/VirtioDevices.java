package org.lodgevm.vm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.lodgevm.devices.chipset.Chipset;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.devices.chipset.serial.SerialOutput;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.VirtioDevice;
import org.lodgevm.devices.virtio.balloon.BalloonDevice;
import org.lodgevm.devices.virtio.block.BlockDevice;
import org.lodgevm.devices.virtio.block.DiskIdentity;
import org.lodgevm.devices.virtio.console.ConsoleDevice;
import org.lodgevm.devices.virtio.console.ConsolePort;
import org.lodgevm.devices.virtio.filesystem.FileSystemDevice;
import org.lodgevm.devices.virtio.filesystem.Tag;
import org.lodgevm.devices.virtio.network.NetworkDevice;
import org.lodgevm.devices.virtio.pmem.PmemDevice;
import org.lodgevm.devices.virtio.rng.Entropy;
import org.lodgevm.devices.virtio.socket.SocketDevice;
import org.lodgevm.devices.virtio.transport.VirtioMmio;
import org.lodgevm.devices.virtio.transport.VirtioPci;
import org.lodgevm.machine.Bus;
import org.lodgevm.net.Link;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.share.SharedFolder;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.guest.TerminalLine;

/** A machine's virtio devices, in the order of its specification. */
final class VirtioDevices implements AutoCloseable {
    private static final int SECTOR = 512;
    /** Of a device: there is a queue for each CPU until then. */
    private static final int MOST_QUEUES = 16;

    private final Chipset chipset;
    private final Bus bus;
    private final int cpus;
    private final Consumer<String> log;
    private final Consumer<String> hostFull;
    private final List<VirtioDevice> devices = new ArrayList<>();
    private final List<Balloon> balloons = new ArrayList<>();
    private final List<Sockets> sockets = new ArrayList<>();
    private final List<UnixSockets> unixSockets = new ArrayList<>();
    private final List<UnixPort> unixPorts = new ArrayList<>();
    private final Map<String, Console> ports = new LinkedHashMap<>();
    private final List<TerminalLine> terminals;
    private final List<AgentPort> agents = new ArrayList<>();
    private final List<SerialOutput> outputs = new ArrayList<>();
    private final List<VirtioMmio> inMemory = new ArrayList<>();
    private final List<HandedDisk> disks = new ArrayList<>();
    private final List<HeldLink> links = new ArrayList<>();
    private final List<NetworkDevice> cards = new ArrayList<>();
    private final Predicate<DeviceSpec.Disk> claimed;
    private final Map<DeviceType, Integer> counts = new EnumMap<>(DeviceType.class);

    /**
     * @param terminals serial ports that the agent may use
     * @param claimed whether a disk is the machine's from the beginning
     * @param hostFull pauses the machine for a while, because of what it is told
     */
    VirtioDevices(
            Chipset chipset, Bus bus, int cpus, List<TerminalLine> terminals, Predicate<DeviceSpec.Disk> claimed, Consumer<String> log, Consumer<String> hostFull) {
        this.claimed = claimed;
        this.terminals = terminals;
        this.chipset = chipset;
        this.bus = bus;
        this.cpus = cpus;
        this.log = log;
        this.hostFull = hostFull;
    }

    /** @param link of a network card; one without has its cable lying on the floor */
    void attach(DeviceSpec spec, VirtioTransport transport, Link link) {
        switch (spec) {
            case DeviceSpec.Entropy() -> attach(DeviceType.ENTROPY, driver -> new Entropy(), transport);
            case DeviceSpec.Balloon() -> attach(DeviceType.BALLOON, this::balloon, transport);
            case DeviceSpec.Socket socket -> attach(DeviceType.SOCKET, driver -> socket(driver, socket), transport);
            case DeviceSpec.Port port -> attachPort(port, transport);
            case DeviceSpec.Agent() -> attachAgent(transport);
            case DeviceSpec.Disk disk -> attachDisk(disk, transport);
            case DeviceSpec.MemoryDisk(byte[] content, String serial) -> attachImage(new MemoryImage(content), serial, true, problem -> false, transport);
            case DeviceSpec.PersistentMemory memory -> attachMemory(memory, transport);
            case DeviceSpec.SharedFolder shared -> attachFolder(shared, transport);
            case DeviceSpec.Network(String mac) -> attachNetwork(mac, link == null ? new Unplugged() : link, transport);
        }
    }

    private void attachDisk(DeviceSpec.Disk disk, VirtioTransport transport) {
        HandedDisk image = new HandedDisk(disk, claimed.test(disk));
        disks.add(image);
        boolean writeback = disk.cache() != DeviceSpec.Disk.Cache.WRITETHROUGH;
        attachImage(image, disk.serial(), writeback, problem -> waits(disk.hostFull(), problem), transport);
    }

    private void attachImage(BlockImage image, String serial, boolean writeback, Predicate<String> full, VirtioTransport transport) {
        DiskIdentity identity = new DiskIdentity(serial, SECTOR, queues(), writeback);
        attach(DeviceType.BLOCK, driver -> new BlockDevice(driver, image, identity, full), transport);
    }

    private boolean waits(DeviceSpec.Disk.HostFull policy, String problem) {
        if (policy == DeviceSpec.Disk.HostFull.PAUSE) {
            hostFull.accept(problem);
        }
        return policy == DeviceSpec.Disk.HostFull.PAUSE;
    }

    /** Each begins where a page of any size can. */
    private void attachMemory(DeviceSpec.PersistentMemory memory, VirtioTransport transport) {
        long end = bus.memory().slots().stream().mapToLong(slot -> slot.gpa() + slot.size()).max().orElse(0);
        long gpa = Math.ceilDiv(Math.max(end, PcLayout.HIGH_RAM), PcLayout.LARGEST_PAGE) * PcLayout.LARGEST_PAGE;
        MappedFile file = MappedFile.open(memory, bus.memory(), gpa, PcLayout.PCI_WINDOW_64);
        attach(DeviceType.PMEM, driver -> new PmemDevice(driver, file), transport);
    }

    private void attachNetwork(String mac, Link link, VirtioTransport transport) {
        HeldLink cable = new HeldLink(link);
        links.add(cable);
        attach(DeviceType.NETWORK, driver -> card(driver, cable, mac), transport);
    }

    private NetworkDevice card(Driver driver, Link cable, String mac) {
        NetworkDevice made = new NetworkDevice(driver, cable, MacAddress.parse(mac), queues());
        cards.add(made);
        return made;
    }

    /** Tells networks that the machine's cards are here. */
    void announce(boolean byGuest) {
        cards.forEach(card -> card.announce(byGuest));
    }

    List<HeldLink> links() {
        return links;
    }

    private void attachFolder(DeviceSpec.SharedFolder shared, VirtioTransport transport) {
        Tag tag = new Tag(shared.tag());
        SharedFolder folder = Folders.open(shared);
        attach(DeviceType.FILESYSTEM, driver -> new FileSystemDevice(driver, folder, shared.readOnly(), tag, queues()), transport);
    }

    List<HandedDisk> disks() {
        return disks;
    }

    List<HandedDisk> writableDisks() {
        return disks.stream().filter(disk -> !disk.isReadOnly()).toList();
    }

    private DeviceLogic socket(Driver driver, DeviceSpec.Socket spec) {
        SocketDevice made = new SocketDevice(driver, spec.cid());
        sockets.add(new Sockets(made));
        if (spec.path() != null) {
            unixSockets.add(new UnixSockets(made, spec.path()));
        }
        return made;
    }

    List<Sockets> sockets() {
        return sockets;
    }

    private void attachPort(DeviceSpec.Port port, VirtioTransport transport) {
        if (port.path() == null) {
            Console console = new Console("port " + port.name(), MachineBuilder.Streams.NONE);
            ports.put(port.name(), console);
            attach(DeviceType.CONSOLE, driver -> console(driver, port, console.endpoint()), transport);
        } else {
            attach(DeviceType.CONSOLE, driver -> unixPort(driver, port), transport);
        }
    }

    private ConsoleDevice console(Driver driver, DeviceSpec.Port port, SerialEndpoint endpoint) {
        ConsoleDevice made = new ConsoleDevice(driver, List.of(new ConsolePort(port.name(), port.terminal(), endpoint)));
        outputs.addAll(made.outputs());
        return made;
    }

    private ConsoleDevice unixPort(Driver driver, DeviceSpec.Port port) {
        UnixPort socket = new UnixPort(port.path());
        unixPorts.add(socket);
        ConsoleDevice made = console(driver, port, socket.endpoint());
        socket.serve(attended -> made.attended(0, attended));
        return made;
    }

    /** Where what the guest sends by ports goes. */
    List<SerialOutput> outputs() {
        return outputs;
    }

    /** The same for ports that agents use. */
    List<SerialOutput> agentOutputs() {
        return agents.stream().map(AgentPort::output).toList();
    }

    private void attachAgent(VirtioTransport transport) {
        AgentPort port = new AgentPort(terminals);
        agents.add(port);
        attach(DeviceType.CONSOLE, port::plugInto, transport);
    }

    List<Guest> guests() {
        return agents.stream().map(AgentPort::guest).toList();
    }

    /** By their names. */
    Map<String, Console> ports() {
        return ports;
    }

    private DeviceLogic balloon(Driver driver) {
        BalloonDevice made = new BalloonDevice(driver, bus.memory());
        balloons.add(new Balloon(made));
        return made;
    }

    List<Balloon> balloons() {
        return balloons;
    }

    private int queues() {
        return Math.min(cpus, MOST_QUEUES);
    }

    private void attach(DeviceType type, DeviceLogic.Factory factory, VirtioTransport transport) {
        int number = counts.merge(type, 1, Integer::sum);
        String name = "virtio %s %d".formatted(type.toString().toLowerCase(Locale.ROOT), number);
        devices.add(switch (transport) {
            case PCI -> chipset.states().add(name, new VirtioPci(
                    chipset.pciBus(), PcLayout.FIRST_FREE_SLOT + devices.size(), name, factory, bus.memory(), log)).device();
            case MMIO -> inMemory(name, factory);
        });
    }

    private VirtioDevice inMemory(String name, DeviceLogic.Factory factory) {
        int index = inMemory.size();
        VirtioMmio added = chipset.states().add(
                name, new VirtioMmio(chipset.ioApicLine(PcLayout.virtioMmioGsi(index)), name, factory, bus.memory(), log));
        bus.mapMmio(PcLayout.virtioMmio(index), VirtioMmio.SIZE, added);
        inMemory.add(added);
        return added.device();
    }

    /** How many are in memory. */
    int inMemory() {
        return inMemory.size();
    }

    /** Those on the PCI bus are reset with it. */
    void reset() {
        inMemory.forEach(VirtioMmio::reset);
        guests().forEach(Guest::restarted);
    }

    /** The machine, which stands still, is to be another one than it was. */
    void replugAgents() {
        agents.forEach(AgentPort::replug);
    }

    /** On return nothing is written to the guest's memory until {@link #resume}. */
    void pause() {
        devices.forEach(VirtioDevice::pause);
    }

    void resume() {
        devices.forEach(VirtioDevice::resume);
    }

    @Override
    public void close() {
        unixSockets.forEach(UnixSockets::close);
        devices.forEach(VirtioDevice::close);
        ports.values().forEach(Console::finish);
        unixPorts.forEach(UnixPort::close);
        agents.forEach(AgentPort::close);
    }
}
