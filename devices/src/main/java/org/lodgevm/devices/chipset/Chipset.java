package org.lodgevm.devices.chipset;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.lodgevm.devices.chipset.apic.LocalApic;
import org.lodgevm.devices.chipset.debug.DebugConsole;
import org.lodgevm.devices.chipset.debug.DebugExit;
import org.lodgevm.devices.chipset.debug.TestDevice;
import org.lodgevm.devices.chipset.dma.Dma8237;
import org.lodgevm.devices.chipset.dma.DmaPages;
import org.lodgevm.devices.chipset.firmware.FwCfg;
import org.lodgevm.devices.chipset.firmware.FwCfgDma;
import org.lodgevm.devices.chipset.firmware.GenerationId;
import org.lodgevm.devices.chipset.keyboard.I8042;
import org.lodgevm.devices.chipset.keyboard.SystemControlA;
import org.lodgevm.devices.chipset.pci.AddressRange;
import org.lodgevm.devices.chipset.pci.ConfigPorts;
import org.lodgevm.devices.chipset.pci.HostBridge;
import org.lodgevm.devices.chipset.pci.LpcBridge;
import org.lodgevm.devices.chipset.pci.MessageSink;
import org.lodgevm.devices.chipset.pci.PciBus;
import org.lodgevm.devices.chipset.power.PowerManagement;
import org.lodgevm.devices.chipset.power.ResetControl;
import org.lodgevm.devices.chipset.power.SmiCommand;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.devices.chipset.serial.SerialOutput;
import org.lodgevm.devices.chipset.serial.Uart;
import org.lodgevm.devices.chipset.timer.Hpet;
import org.lodgevm.devices.chipset.timer.Oscillator;
import org.lodgevm.devices.chipset.timer.Pit;
import org.lodgevm.devices.chipset.timer.Rtc;
import org.lodgevm.devices.chipset.timer.SystemControlB;
import org.lodgevm.devices.chipset.wiring.WiredOr;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.LocalApics;
import org.lodgevm.machine.PowerControl;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.state.StateTree;

/** A PC's chipset, assembled and mapped on a machine's bus. */
public final class Chipset implements AutoCloseable {
    /** What the board gives the CPU that is plugged in: create the CPU with these, then {@link LocalApic#attach} it. */
    public record Socket(Bus bus, LocalApic apic, Tsc tsc) {}

    /** Packages of all devices. */
    private static final String DEVICES = "org.lodgevm.devices.";

    private static final long DRAIN_MILLIS = 2_000;

    private final Bus bus;
    private final List<Runnable> resets = new ArrayList<>();
    private final Interrupts interrupts;
    private final Hpet hpet;
    private final Pit pit;
    private final Rtc rtc;
    private final PowerManagement power;
    private final PciBus pciBus;
    private final HostBridge hostBridge;
    private final LpcBridge lpcBridge;
    private final I8042 i8042;
    private final List<Uart> uarts;
    private final FwCfg fwCfg;
    private final GenerationId generation;
    private final DebugConsole debugConsole;
    private final StateTree states = new StateTree(DEVICES);

    private Chipset(Bus bus, Clock clock, PowerControl control, ChipsetConfig config) {
        this.bus = bus;
        interrupts = states.add("interrupts", new Interrupts(bus, clock, config.cpus()));
        interrupts.name(states);
        hpet = hpet(clock);
        pit = bytePorts("pit", PcLayout.PIT, Pit.SIZE, pit(clock), Pit::reset);
        bytePorts("system control B", PcLayout.SYSTEM_CONTROL_B, SystemControlB.SIZE, new SystemControlB(clock, pit), SystemControlB::reset);
        rtc = bytePorts("rtc", PcLayout.RTC, Rtc.SIZE, new Rtc(clock, hpet.rtcOutput()), Rtc::reset);
        power = powerManagement(clock, control);
        bytePorts("smi command", PcLayout.SMI_COMMAND, SmiCommand.SIZE, smiCommand(), SmiCommand::reset);
        pciBus = states.add("pci", new PciBus(bus, new SlotWiring()));
        hostBridge = states.add("host bridge", new HostBridge(pciBus, PcLayout.SLOT_HOST_BRIDGE, bus, config.shadowRam()));
        lpcBridge = states.add("lpc bridge", lpcBridge());
        ports("pci ports", PcLayout.PCI_CONFIG_ADDRESS, ConfigPorts.SIZE, new ConfigPorts(pciBus), ConfigPorts::reset);
        bytePorts("reset control", PcLayout.RESET_CONTROL, ResetControl.SIZE, new ResetControl(control), ResetControl::reset);
        i8042 = keyboardController(states.add("a20", new WiredOr(config.a20())), control);
        uarts = IntStream.range(0, PcLayout.UART_COUNT).mapToObj(i -> uart(i, clock, config.serial())).toList();
        dma("dma 1", PcLayout.DMA_1, new Dma8237(1));
        dma("dma 2", PcLayout.DMA_2, new Dma8237(2));
        dmaPages();
        fwCfg = ports("fw_cfg", PcLayout.FW_CFG, FwCfg.SIZE, new FwCfg(), FwCfg::reset);
        ports("fw_cfg dma", PcLayout.FW_CFG_DMA, FwCfgDma.SIZE, new FwCfgDma(fwCfg, bus.memory()), FwCfgDma::reset);
        generation = states.add("generation id", new GenerationId(bus.memory(), PcLayout.GENERATION_ID, () -> power.event(PcLayout.GPE_GENERATION)));
        testDevice();
        debugConsole = debugConsole(config);
        bus.mapPorts(PcLayout.DEBUG_EXIT, DebugExit.SIZE, new DebugExit(control));
        resets.add(pciBus::reset);
        resets.add(interrupts::reset); // after those who drive its wires
        reset();
    }

    /** Maps everything on {@code bus}; the chipset is at its power-up state. */
    public static Chipset build(Bus bus, Clock clock, PowerControl power, ChipsetConfig config) {
        return new Chipset(bus, clock, power, config);
    }

    // ---- assembly -------------------------------------------------------------------------------------------------

    private <D extends IoRegion> D ports(String name, int first, int count, D device, Consumer<D> reset) {
        bus.mapPorts(first, count, device);
        resets.add(() -> reset.accept(device));
        return states.add(name, device);
    }

    /** For a device with registers of one byte. */
    private <D extends IoRegion> D bytePorts(String name, int first, int count, D device, Consumer<D> reset) {
        bus.mapPorts(first, count, IoRegion.bytewise(device));
        resets.add(() -> reset.accept(device));
        return states.add(name, device);
    }

    private Hpet hpet(Clock clock) {
        Hpet built = new Hpet(
                clock,
                new Oscillator(PcLayout.HPET_FREQUENCY),
                interrupts.isa(PcLayout.IRQ_TIMER),
                interrupts.isa(PcLayout.IRQ_RTC),
                interrupts.gsis(0, PcLayout.IO_APIC_PINS),
                PcLayout.HPET_ROUTES);
        bus.mapMmio(PcLayout.HPET, Hpet.SIZE, built);
        resets.add(built::reset);
        return states.add("hpet", built);
    }

    private Pit pit(Clock clock) {
        return new Pit(clock, new Oscillator(PcLayout.PIT_FREQUENCY), hpet.pitOutput());
    }

    /** The LPC bridge decides where its ports are. */
    private PowerManagement powerManagement(Clock clock, PowerControl control) {
        PowerManagement built = new PowerManagement(
                clock, new Oscillator(PcLayout.PM_TIMER_FREQUENCY), interrupts.isa(PcLayout.IRQ_SCI), control);
        resets.add(built::reset);
        return states.add("power management", built);
    }

    private SmiCommand smiCommand() {
        return new SmiCommand(power, PcLayout.ACPI_ENABLE, PcLayout.ACPI_DISABLE);
    }

    private LpcBridge lpcBridge() {
        return new LpcBridge(
                pciBus,
                PcLayout.SLOT_LPC_BRIDGE,
                bus,
                power,
                PcLayout.PM_SIZE,
                interrupts.gsis(PcLayout.GSI_PIRQ_A, PcLayout.IO_APIC_PINS - PcLayout.GSI_PIRQ_A),
                interrupts.allIsa());
    }

    private final class SlotWiring implements PciBus.Wiring {
        @Override
        public IrqLine pin(int slot, int pin) {
            return lpcBridge.pirq(PcLayout.pirq(slot, pin));
        }

        @Override
        public MessageSink messages() {
            return interrupts::sendMessage;
        }
    }

    private I8042 keyboardController(WiredOr a20, PowerControl control) {
        I8042 built = new I8042(
                interrupts.isa(PcLayout.IRQ_KEYBOARD), interrupts.isa(PcLayout.IRQ_MOUSE), a20.input(), control);
        bus.mapPorts(PcLayout.KEYBOARD_DATA, 1, built.dataPort());
        bus.mapPorts(PcLayout.KEYBOARD_COMMAND, 1, built.commandPort());
        resets.add(built::reset);
        bytePorts(
                "system control A",
                PcLayout.SYSTEM_CONTROL_A,
                SystemControlA.SIZE,
                new SystemControlA(a20.input(), control),
                SystemControlA::reset);
        return states.add("i8042", built);
    }

    private Uart uart(int index, Clock clock, List<SerialEndpoint> endpoints) {
        SerialEndpoint endpoint = index < endpoints.size() ? endpoints.get(index) : SerialEndpoint.UNCONNECTED;
        IrqLine irq = interrupts.isa(PcLayout.uartIrq(index));
        return bytePorts(
                "com " + (index + 1), PcLayout.uart(index), Uart.SIZE, new Uart("COM" + (index + 1), clock, irq, endpoint), Uart::reset);
    }

    private void dma(String name, int first, Dma8237 controller) {
        bus.mapPorts(first, controller.size(), controller.ports());
        resets.add(states.add(name, controller)::reset);
    }

    private void dmaPages() {
        DmaPages built = states.add("dma pages", new DmaPages());
        bus.mapPorts(PcLayout.POST, DmaPages.SIZE, built.ports());
        resets.add(built::reset);
    }

    private void testDevice() {
        TestDevice built = states.add("test device", new TestDevice(IntStream.range(0, TestDevice.LINES)
                .mapToObj(irq -> interrupts.gsi(PcLayout.isaGsi(irq)))
                .toList()));
        bus.mapPorts(PcLayout.TEST_DEVICE_ECHO, TestDevice.PORTS, built.ports());
        bus.mapPorts(PcLayout.TEST_DEVICE_IRQ, TestDevice.LINES, built.lines());
        bus.mapMmio(PcLayout.TEST_DEVICE_MEMORY, TestDevice.MEMORY, built.memory());
        resets.add(built::reset);
    }

    private DebugConsole debugConsole(ChipsetConfig config) {
        DebugConsole built = new DebugConsole(config.debugConsole());
        bus.mapPorts(PcLayout.DEBUG_CONSOLE, DebugConsole.SIZE, built);
        bus.mapPorts(PcLayout.FIRMWARE_LOG, DebugConsole.SIZE, built);
        return built;
    }

    // ---- the machine's side -----------------------------------------------------------------------------------------

    public Socket socket(int cpu) {
        return interrupts.sockets().get(cpu);
    }

    /** All of them, for an accelerator with its own. */
    public LocalApics localApics() {
        return interrupts.localApics();
    }

    public LocalApic localApic(int cpu) {
        return socket(cpu).apic();
    }

    public Uart uart(int index) {
        return uarts.get(index);
    }

    /** All devices; who adds one to the machine names it here. */
    public StateTree states() {
        return states;
    }

    public PciBus pciBus() {
        return pciBus;
    }

    public FwCfg fwCfg() {
        return fwCfg;
    }

    public Rtc rtc() {
        return rtc;
    }

    /** Where keys are pressed and the mouse is moved. */
    public I8042 keyboardController() {
        return i8042;
    }

    /** A new input of a global system interrupt: of the I/O APIC's pin and, below 16, of the PIC's. Inputs of one interrupt are or-ed. */
    public IrqLine ioApicLine(int gsi) {
        return interrupts.gsi(gsi);
    }

    /** The guest goes on from where others may, too, and is told. */
    public void renewGeneration() {
        generation.renew();
    }

    /** Someone pressed it: the guest's ACPI driver is told. */
    public void powerButton() {
        power.pressPowerButton();
    }

    /** A non-maskable interrupt from outside, unless port 0x70 masks it. */
    public void nmi() {
        if (rtc.nmiEnabled()) {
            interrupts.pulseNmi();
        }
    }

    /** Everything back to its power-up state, local APICs included; CMOS RAM and what was added to {@link #fwCfg} stay. */
    public void reset() {
        resets.forEach(Runnable::run);
    }

    /**
     * Does what firmware does before it starts an operating system: ECAM, the ACPI block and PCI functions at their addresses, the PIC remapped and
     * masked, PIT channel 0 at 18.2 Hz, LINT0 of CPU 0 as virtual wire. For machines that start a kernel directly; after
     * {@link #reset} again.
     */
    public void programLikeFirmware() {
        hostBridge.program(PcLayout.ECAM);
        lpcBridge.program(PcLayout.PM, PcLayout.PIRQ_ROUTES);
        pciBus.programLikeFirmware(
                new AddressRange(PcLayout.PCI_WINDOW_32, PcLayout.PCI_WINDOW_32_END),
                new AddressRange(PcLayout.PCI_PORTS, PcLayout.PCI_PORTS_END),
                PcLayout::pciIrq);
        interrupts.programLikeFirmware();
        pit.programLikeFirmware();
        i8042.programLikeFirmware();
    }

    /** The serial ports, whose far ends are others' streams, leave their state alone until {@link #resume}. The CPUs stand still. */
    public void pause() {
        uarts.forEach(Uart::pause);
    }

    public void resume() {
        uarts.forEach(Uart::resume);
    }

    /** Waits, two seconds at most, until what the guest sent has reached the host's streams. */
    public void drain() {
        SerialOutput.drain(uarts.stream().map(Uart::output).toList(), DRAIN_MILLIS);
        debugConsole.flush();
    }

    /** Drains and ends the threads. */
    @Override
    public void close() {
        drain();
        uarts.forEach(Uart::close);
    }
}
