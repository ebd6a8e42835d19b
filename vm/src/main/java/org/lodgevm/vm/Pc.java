package org.lodgevm.vm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lodgevm.devices.chipset.Chipset;
import org.lodgevm.devices.chipset.ChipsetConfig;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.devices.chipset.pci.ShadowRam;
import org.lodgevm.devices.chipset.serial.SerialOutput;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.PowerControl;
import org.lodgevm.machine.RamSource;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.vm.boot.BiosImage;
import org.lodgevm.vm.boot.Boot;
import org.lodgevm.vm.boot.Entry;
import org.lodgevm.vm.boot.Kernels;
import org.lodgevm.vm.boot.MemoryMap;
import org.lodgevm.vm.firmware.Firmware;
import org.lodgevm.vm.firmware.MachineDescription;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.guest.TerminalLine;

/** The assembled machine: memory, clock, chipset, consoles and CPUs. It has no life of its own; see {@link Lifecycle}. */
final class Pc implements AutoCloseable {
    /** After a reset RDX holds the CPU's signature. @sdm 10.1.2 */
    private static final int RDX = 2;

    private static final long DRAIN_MILLIS = 2_000;

    private final MachineSpec spec;
    private final Accelerator accelerator;
    private final List<Console> consoles;
    private final SystemClock clock;
    /** What the machine goes on from instead of booting, or null. */
    private final Origin origin;
    private final GuestMemory memory = new GuestMemory();
    private final List<Vcpu> vcpus = new ArrayList<>();
    private Accelerator.VcpuFactory factory;
    private Chipset chipset;
    private VirtioDevices virtio;
    private Firmware firmware;
    private BiosImage bios;

    Pc(MachineSpec spec, MachineBuilder.Attachments attachments, PowerControl power, Consumer<String> hostFull) {
        this.spec = spec;
        accelerator = attachments.accelerator() != null
                ? attachments.accelerator()
                : Accelerators.choose(spec.accelerator(), Accelerators.installed(), attachments.log());
        consoles = IntStream.range(0, MachineBuilder.SERIAL_PORTS)
                .mapToObj(i -> new Console(
                        "COM" + (i + 1), attachments.serial().getOrDefault(i, MachineBuilder.Streams.NONE)))
                .toList();
        origin = attachments.origin();
        clock = new SystemClock();
        clock.pause();
        try {
            assemble(attachments, power, hostFull);
        } catch (RuntimeException | Error e) {
            powerOff();
            close();
            throw e;
        }
    }

    private void assemble(MachineBuilder.Attachments attachments, PowerControl power, Consumer<String> hostFull) {
        addMemory(attachments.hugePages());
        Bus bus = new Bus(memory);
        chipset = Chipset.build(bus, clock, power, new ChipsetConfig(
                spec.cpus(), consoles.stream().map(Console::endpoint).toList(), attachments.debugConsole(),
                ShadowRam.ALWAYS_RAM, IrqLine.unconnected()));
        virtio = new VirtioDevices(chipset, bus, spec.cpus(), terminals(attachments), attachments.claimed(), attachments.log(), hostFull);
        for (int i = 0; i < spec.devices().size(); i++) {
            virtio.attach(spec.devices().get(i), spec.virtioTransport(), attachments.links().get(i));
        }
        factory = accelerator.open(new Accelerator.MachineContext(
                memory, clock, new Accelerator.Cpus(spec.cpus(), spec.cpuLevel()), attachments.trace(), attachments.translations(), chipset.localApics()));
        for (int i = 0; i < spec.cpus(); i++) {
            plug(i, chipset.socket(i));
        }
        if (origin != null) {
            Compatibility.require(origin.description(), spec, factory.cpuid());
        }
        int signature = (int) vcpus.getFirst().state().gpr[RDX];
        int hpetId = (int) bus.read(PcLayout.HPET, 4);
        firmware = new Firmware(chipset, bus, new MachineDescription(spec.uuid(), spec.cpus(), spec.memory(), signature, hpetId, virtio.inMemory()));
    }

    /** Serial ports that nobody uses and no kernel writes to. */
    private List<TerminalLine> terminals(MachineBuilder.Attachments attachments) {
        return IntStream.range(1, MachineBuilder.SERIAL_PORTS)
                .filter(port -> !attachments.serial().containsKey(port))
                .mapToObj(port -> new TerminalLine("ttyS" + port, consoles.get(port)::outputFromNow, consoles.get(port)::input))
                .toList();
    }

    private void addMemory(boolean hugePages) {
        RamSource installed = ServiceLoader.load(RamSource.class).findFirst().orElseGet(RamSource::temporaryFile);
        try {
            RamSource source = hugePages ? installed.onHugePages() : installed;
            addRam(0, MemoryMap.lowRam(spec.memory()), source);
            if (MemoryMap.highRam(spec.memory()) > 0) {
                addRam(PcLayout.HIGH_RAM, MemoryMap.highRam(spec.memory()), source);
            }
        } catch (IllegalStateException e) {
            throw new MachineException(e.getMessage(), e);
        }
        if (spec.boot() instanceof Boot.Bios(var image)) {
            bios = new BiosImage(image, memory);
        } else {
            Firmware.addRom(memory);
        }
    }

    private void addRam(long gpa, long size, RamSource source) {
        if (origin == null) {
            memory.addRam(gpa, size, source);
        } else {
            origin.addRam(memory, gpa, size, source);
        }
    }

    private void plug(int index, Chipset.Socket socket) {
        Vcpu vcpu = factory.create(index, socket.bus(), socket.apic(), socket.tsc());
        socket.apic().attach(vcpu);
        vcpus.add(vcpu);
    }

    String acceleratorName() {
        return accelerator.name();
    }

    /** Time stands still, and devices leave memory alone. The CPUs are the caller's. */
    void pause() {
        clock.pause();
        factory.pause();
        virtio.pause();
        chipset.pause();
    }

    void resume() {
        chipset.resume();
        virtio.resume();
        factory.resume();
        clock.resume();
    }

    /** While all stands still. */
    MachineState state() {
        return new MachineState(clock, vcpus, chipset.states(), virtio.guests());
    }

    /** Where what the guest sends goes: serial ports, then virtio ports, but not the agent's. */
    List<SerialOutput> outputs() {
        return Stream.concat(IntStream.range(0, MachineBuilder.SERIAL_PORTS).mapToObj(i -> chipset.uart(i).output()), virtio.outputs().stream()).toList();
    }

    /** The same for what agents say. */
    List<SerialOutput> agentOutputs() {
        return virtio.agentOutputs();
    }

    /** Tells networks where the machine is. */
    void announce(boolean byGuest) {
        virtio.announce(byGuest);
    }

    List<HeldLink> links() {
        return virtio.links();
    }

    /** Waits, some seconds at most, until what the guest sent has reached the host's streams. */
    void drain() {
        SerialOutput.drain(outputs(), DRAIN_MILLIS);
    }

    List<HandedDisk> disks() {
        return virtio.disks();
    }

    Accelerator.VcpuFactory cpuFactory() {
        return factory;
    }

    List<HandedDisk> writableDisks() {
        return virtio.writableDisks();
    }

    /** What there is to go on from instead of booting, or null. */
    Origin origin() {
        return origin;
    }

    /** Everything but memory is as it was there, disks included. */
    void goOn(Origin from) throws StateException {
        String disks = from.description().disks();
        if (!disks.isEmpty()) {
            writableDisks().forEach(disk -> disk.goBack(disks));
        }
        state().load(from.state());
        chipset.renewGeneration();
        guests().forEach(guest -> guest.goOn(from.description().agent()));
    }

    /** Everything is as it was when it was captured. Whatever devices had begun since on the host comes to its end. */
    void goBack(Capture to) throws StateException {
        chipset.reset();
        virtio.reset();
        virtio.replugAgents();
        memory.thaw(to.ram());
        goOn(to);
    }

    GuestMemory memory() {
        return memory;
    }

    List<Console> consoles() {
        return consoles;
    }

    List<Balloon> balloons() {
        return virtio.balloons();
    }

    List<Sockets> sockets() {
        return virtio.sockets();
    }

    List<Guest> guests() {
        return virtio.guests();
    }

    Map<String, Console> ports() {
        return virtio.ports();
    }

    List<Vcpu> vcpus() {
        return vcpus;
    }

    long instructions() {
        return vcpus.stream().mapToLong(Vcpu::instructions).sum();
    }

    Map<String, Long> counters() {
        Map<String, Long> sums = new LinkedHashMap<>();
        vcpus.forEach(vcpu -> vcpu.counters().forEach((name, count) -> sums.merge(name, count, Long::sum)));
        return sums;
    }

    /** Everything is in its state after power-up, and what is to be booted in memory. */
    void powerOn() {
        chipset.reset();
        virtio.reset();
        vcpus.forEach(Vcpu::reset);
        switch (spec.boot()) {
            case Boot.Bios image -> bios.load(memory);
            case Boot.Kernel kernel -> start(kernel);
        }
    }

    private void start(Boot.Kernel kernel) {
        firmware.prepare(memory);
        Entry entry = Kernels.load(kernel, memory, MemoryMap.of(spec.memory()), Firmware.RSDP);
        for (Vcpu vcpu : vcpus) {
            VcpuState state = vcpu.state();
            Firmware.prepare(state);
            if (vcpu == vcpus.getFirst()) {
                entry.apply(state);
            }
            vcpu.state(state);
        }
    }

    void powerButton() {
        chipset.powerButton();
    }

    void nmi() {
        chipset.nmi();
    }

    /** The end of guest time and of all back ends; memory and registers remain readable. */
    void powerOff() {
        if (virtio != null) {
            virtio.close();
        }
        if (chipset != null) {
            chipset.close();
        }
        clock.close();
        consoles.forEach(Console::finish);
    }

    @Override
    public void close() {
        vcpus.forEach(Vcpu::close);
        if (factory != null) {
            factory.close();
        }
        memory.close();
    }
}
