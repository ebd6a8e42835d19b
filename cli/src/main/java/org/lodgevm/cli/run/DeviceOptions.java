package org.lodgevm.cli.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.VirtioTransport;
import picocli.CommandLine.Option;

/** The options that say what devices a machine has beside those of every PC. */
final class DeviceOptions {
    @Option(names = "--no-rng", description = "Leave out the virtio device that gives the guest random numbers.")
    private boolean noRng;

    @Option(names = "--no-balloon", description = "Leave out the virtio device by which the guest gives memory that it does not use back to the host.")
    private boolean noBalloon;

    @Option(
            names = "--virtio",
            paramLabel = "pci|mmio",
            defaultValue = "pci",
            description = "How virtio devices are attached: on the PCI bus, or as registers in memory (${DEFAULT-VALUE}).")
    private VirtioTransport transport;

    @Option(
            names = "--disk",
            paramLabel = "FILE[,OPTION]...",
            converter = DiskOption.class,
            type = Path.class, // for shells, which complete files then
            description = "A disk. Options: ro, format=NAME (found out by default), serial=TEXT, full=pause|error: what happens when the host has no room (pause), "
                    + "cache=writeback|writethrough|none|unsafe: where on the host writes wait (writeback). May be repeated.")
    private List<DeviceSpec.Disk> disks = List.of();

    @Option(
            names = "--pmem",
            paramLabel = "FILE[,OPTION]...",
            converter = PmemOption.class,
            type = Path.class, // for shells, which complete files then
            description = "A file that is persistent memory in the guest, /dev/pmem0. Options: size=SIZE: a file that is not there is made that large; ro. May be repeated.")
    private List<DeviceSpec.PersistentMemory> persistent = List.of();

    @Option(
            names = "--vsock",
            paramLabel = "PATH",
            description = "Join the guest's AF_VSOCK to Unix sockets: whoever connects to PATH and says CONNECT PORT reaches the guest's port, and the guest's connections to this host's port reach PATH_PORT.")
    private Path sockets;

    @Option(
            names = "--channel",
            paramLabel = "NAME=PATH",
            converter = ChannelOption.class,
            description = "A port of a virtio console: what the guest has as /dev/virtio-ports/NAME is the Unix socket PATH on this host, for one program at a time. May be repeated.")
    private List<DeviceSpec.Port> channels = List.of();

    /** Kernel modules for disks, persistent memory, sockets, channels and, if there is one, the network card. The guest has random numbers without a driver, too. */
    List<String> drivers(boolean network) {
        List<String> drivers = new ArrayList<>();
        if (!disks.isEmpty() || !persistent.isEmpty() || sockets != null || !channels.isEmpty() || network) {
            drivers.add(transportDriver());
        }
        if (!disks.isEmpty()) {
            drivers.add("virtio_blk");
        }
        if (!persistent.isEmpty()) {
            drivers.addAll(List.of("virtio_pmem", "nd_pmem"));
        }
        if (sockets != null) {
            drivers.add("vmw_vsock_virtio_transport");
        }
        if (!channels.isEmpty()) {
            drivers.add("virtio_console");
        }
        if (network) {
            drivers.add("virtio_net");
        }
        return drivers;
    }

    /** Of devices that do something for a guest that goes on for long. */
    List<String> backgroundDrivers() {
        return noBalloon ? List.of() : List.of("virtio_balloon");
    }

    String transportDriver() {
        return transport == VirtioTransport.PCI ? "virtio_pci" : "virtio_mmio";
    }

    void describe(MachineBuilder machine) {
        machine.virtioTransport(transport);
        disks.forEach(machine::device);
        persistent.forEach(machine::device);
        if (sockets != null) {
            machine.device(new DeviceSpec.Socket(DeviceSpec.Socket.FIRST_CID, sockets));
        }
        channels.forEach(machine::device);
        if (!noRng) {
            machine.device(new DeviceSpec.Entropy());
        }
        if (!noBalloon) {
            machine.device(new DeviceSpec.Balloon());
        }
    }
}
