package org.lodgevm.devices.chipset;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;
import org.lodgevm.machine.VcpuSignals;

/** A chipset with RAM and CPUs that only listen. */
final class ChipsetRig implements AutoCloseable {
    /** Notes the signals that are no interrupts. */
    static final class Cpu implements VcpuSignals {
        final List<String> signals = new ArrayList<>();

        @Override
        public void interrupt() {}

        @Override
        public synchronized void nmi() {
            signals.add("nmi");
        }

        @Override
        public synchronized void init() {
            signals.add("init");
        }

        @Override
        public synchronized void startup(int vector) {
            signals.add("startup " + vector);
        }
    }

    static final long RAM = 16 << 20;

    final GuestMemory memory = new GuestMemory();
    final Bus machineBus = new Bus(memory);
    final RecordingPower power = new RecordingPower();
    final Wire a20 = new Wire();
    final List<String> shadow = new ArrayList<>();
    final ByteArrayOutputStream com1 = new ByteArrayOutputStream();
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    final List<Cpu> cpus;
    final Chipset chipset;
    /** As CPU 0 sees it. */
    final Bus bus;

    ChipsetRig(Clock clock, int count) {
        memory.addRam(0, RAM, RamSource.temporaryFile());
        SerialEndpoint console = new SerialEndpoint(SerialEndpoint.UNCONNECTED.input(), com1);
        chipset = Chipset.build(machineBus, clock, power, new ChipsetConfig(
                count, List.of(console), log, (gpa, size, reads, writes) -> shadow.add("%x %b %b".formatted(gpa, reads, writes)),
                a20));
        cpus = IntStream.range(0, count).mapToObj(i -> new Cpu()).toList();
        for (int i = 0; i < count; i++) {
            chipset.localApic(i).attach(cpus.get(i));
        }
        bus = chipset.socket(0).bus();
    }

    int in(int port, int size) {
        return bus.readPort(port, size);
    }

    void out(int port, int size, int value) {
        bus.writePort(port, size, value);
    }

    int pci(int slot, int offset, int size) {
        out(PcLayout.PCI_CONFIG_ADDRESS, 4, 1 << 31 | slot << 11 | offset & 0xfc);
        return in(PcLayout.PCI_CONFIG_DATA + (offset & 3), size);
    }

    /** Programs an I/O APIC pin. */
    void redirect(int pin, int low, int destination) {
        bus.write(PcLayout.IO_APIC, 4, 0x11 + 2 * pin);
        bus.write(PcLayout.IO_APIC + 0x10, 4, (long) destination << 24);
        bus.write(PcLayout.IO_APIC, 4, 0x10 + 2 * pin);
        bus.write(PcLayout.IO_APIC + 0x10, 4, low);
    }

    @Override
    public void close() {
        chipset.close();
        memory.close();
    }
}
