package org.lodgevm.devices.chipset;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lodgevm.devices.chipset.apic.ApicBus;
import org.lodgevm.devices.chipset.apic.IoApic;
import org.lodgevm.devices.chipset.apic.LocalApic;
import org.lodgevm.devices.chipset.apic.MsiWindow;
import org.lodgevm.devices.chipset.pic.Pic;
import org.lodgevm.devices.chipset.wiring.WiredOr;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.LocalApics;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.state.StateTree;

/** The interrupt controllers, and the wires that devices drive: each ISA interrupt reaches the PIC and the I/O APIC. */
final class Interrupts {
    private static final int ISA_IRQS = 16;
    private static final int CASCADE = 2;
    /** Vectors that a PC's firmware gives the PICs. */
    private static final int FIRMWARE_VECTORS_1 = 0x08;

    private static final int FIRMWARE_VECTORS_2 = 0x70;

    private final ApicBus apicBus = new ApicBus();
    private final IoApic ioApic = new IoApic(apicBus);
    private final Pic pic;
    private final List<Chipset.Socket> sockets = new ArrayList<>();
    private final List<IrqLine> intr = new ArrayList<>();
    private final List<IrqLine> nmi = new ArrayList<>();
    private final List<WiredOr> isaWires;
    private final List<WiredOr> gsiWires;

    Interrupts(Bus bus, Clock clock, int cpus) {
        pic = new Pic(asserted -> intr.forEach(line -> line.set(asserted)));
        isaWires = IntStream.range(0, ISA_IRQS).mapToObj(this::isaWire).toList();
        gsiWires = IntStream.range(0, IoApic.PINS).mapToObj(this::gsiWire).toList();
        apicBus.connect(ioApic);
        for (int cpu = 0; cpu < cpus; cpu++) {
            sockets.add(socket(cpu, bus, clock));
        }
        sockets.forEach(socket -> intr.add(socket.apic().lint(0)));
        sockets.forEach(socket -> nmi.add(socket.apic().lint(1)));
        intr.add(gsi(0)); // ICH9 5.10.2: the PIC is the I/O APIC's first source
        bus.mapPorts(PcLayout.PIC_1, 2, pic.ports(false));
        bus.mapPorts(PcLayout.PIC_2, 2, pic.ports(true));
        bus.mapPorts(PcLayout.ELCR, 2, pic.edgeLevelControl());
        bus.mapMmio(PcLayout.IO_APIC, IoApic.SIZE, ioApic);
        bus.mapMmio(PcLayout.LOCAL_APIC, PcLayout.MSI_WINDOW_SIZE, new MsiWindow(apicBus, PcLayout.LOCAL_APIC));
    }

    private Chipset.Socket socket(int cpu, Bus bus, Clock clock) {
        Bus own = bus.overlay();
        Tsc tsc = new Tsc(clock);
        LocalApic apic = new LocalApic(cpu, clock, tsc, apicBus, pic::acknowledge, PcLayout.PHYSICAL_ADDRESS_BITS, own);
        apicBus.connect(apic);
        return new Chipset.Socket(own, apic, tsc);
    }

    private WiredOr isaWire(int irq) {
        IrqLine toPic = irq == CASCADE ? IrqLine.unconnected() : pic.input(irq);
        IrqLine toIoApic = irq == CASCADE ? IrqLine.unconnected() : ioApic.pin(PcLayout.isaGsi(irq));
        return new WiredOr(asserted -> {
            toPic.set(asserted);
            toIoApic.set(asserted);
        });
    }

    private WiredOr gsiWire(int gsi) {
        boolean alone = gsi == 0 || gsi >= ISA_IRQS;
        return alone ? new WiredOr(ioApic.pin(gsi)) : isaWires.get(gsi == PcLayout.GSI_TIMER ? PcLayout.IRQ_TIMER : gsi);
    }

    void name(StateTree states) {
        states.add("pic", pic);
        states.add("io apic", ioApic);
        states.add("apic bus", apicBus);
        IntStream.range(0, sockets.size()).forEach(cpu -> states.add("local apic " + cpu, sockets.get(cpu).apic()));
    }

    List<Chipset.Socket> sockets() {
        return sockets;
    }

    /** A new driver of an ISA interrupt. */
    IrqLine isa(int irq) {
        return isaWires.get(irq).input();
    }

    /** A new driver of a global system interrupt; below 16 it is that of the ISA interrupt which has the pin. */
    IrqLine gsi(int gsi) {
        return gsiWires.get(gsi).input();
    }

    /** New drivers of so many ISA interrupts from 0 on. */
    List<IrqLine> allIsa() {
        return IntStream.range(0, ISA_IRQS).mapToObj(this::isa).toList();
    }

    /** New drivers of global system interrupts. */
    List<IrqLine> gsis(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(this::gsi).toList();
    }

    LocalApics localApics() {
        return apicBus;
    }

    void sendMessage(long address, int data) {
        apicBus.msi(address, data);
    }

    void pulseNmi() {
        nmi.forEach(IrqLine::pulse);
    }

    void reset() {
        pic.reset();
        ioApic.reset();
        sockets.forEach(socket -> socket.apic().reset(false));
    }

    /** PCI interrupts and SCI by level, the PIC's interrupts to the bootstrap processor as "virtual wire". */
    void programLikeFirmware() {
        int levels = 1 << PcLayout.IRQ_SCI;
        for (int irq : PcLayout.PIRQ_ROUTES) {
            levels |= 1 << irq;
        }
        pic.programLikeFirmware(FIRMWARE_VECTORS_1, FIRMWARE_VECTORS_2, levels);
        ioApic.id(PcLayout.ioApicId(sockets.size()));
        sockets.getFirst().apic().programVirtualWire();
    }
}
