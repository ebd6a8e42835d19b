package org.lodgevm.devices.chipset.pci;

import static org.lodgevm.devices.chipset.pci.PciHeader.COMMAND;
import static org.lodgevm.devices.chipset.pci.PciHeader.STATUS;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.lodgevm.devices.chipset.pci.PciHeader.Command;
import org.lodgevm.devices.chipset.pci.PciHeader.Status;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/**
 * One function of a device: header, base address registers, capabilities and interrupts. {@link PciBus#plug} makes it; the device
 * adds what it has before the machine starts.
 */
public final class PciFunction {
    static final class State {
        /** Where the next capability goes, and the register that will point to it. */
        transient int capabilitiesEnd = PciHeader.SIZE;

        transient ConfigRegister capabilitiesLink = PciHeader.CAPABILITIES_POINTER;
        volatile boolean busMaster;
    }

    private static final int CAPABILITY_ALIGNMENT = 4;

    final State state = new State();
    private final ConfigSpace config = new ConfigSpace();
    private final List<Bar> bars = new ArrayList<>();
    private final List<InterruptPin> pins = new ArrayList<>();
    private final List<Msix> msix = new ArrayList<>();
    private final List<Runnable> resets = new ArrayList<>();
    private final List<Consumer<Boolean>> busMasters = new ArrayList<>();
    private final int slot;
    private final Bus bus;
    private final PciBus.Wiring wiring;

    PciFunction(int slot, PciIdentity identity, Bus bus, PciBus.Wiring wiring) {
        this.slot = slot;
        this.bus = bus;
        this.wiring = wiring;
        config.define(PciHeader.VENDOR_ID.reset(identity.vendor()));
        config.define(PciHeader.DEVICE_ID.reset(identity.device()));
        config.define(COMMAND, this::commanded);
        config.define(STATUS);
        config.beforeRead(STATUS, this::refreshStatus);
        config.define(PciHeader.REVISION_ID.reset(identity.revision()));
        config.define(PciHeader.CLASS_CODE.reset(identity.classCode()));
        config.define(PciHeader.CACHE_LINE_SIZE);
        config.define(PciHeader.LATENCY_TIMER);
        config.define(PciHeader.SUBSYSTEM_VENDOR_ID.reset(identity.subsystemVendor()));
        config.define(PciHeader.SUBSYSTEM_ID.reset(identity.subsystem()));
        config.define(PciHeader.INTERRUPT_LINE);
    }

    private void commanded() {
        long command = config.get(COMMAND);
        state.busMaster = (command & Command.BUS_MASTER) != 0;
        busMasters.forEach(listener -> listener.accept(state.busMaster));
        bars.forEach(Bar::update);
        pins.forEach(pin -> pin.disable((command & Command.INTERRUPT_DISABLE) != 0));
    }

    // ---- construction ---------------------------------------------------------------------------------------------

    /** To define registers of the device's own. */
    public ConfigSpace config() {
        return config;
    }

    /** A base address register for ports. */
    public void ioBar(int index, int size, IoRegion region) {
        bars.add(new Bar(Bar.Kind.IO, index, size, region, config, bus));
    }

    /** A base address register for memory below 4 GiB. */
    public void memoryBar(int index, long size, IoRegion region) {
        bars.add(new Bar(Bar.Kind.MEMORY_32, index, size, region, config, bus));
    }

    /** Base address registers {@code index} and the next, for memory anywhere. */
    public void memoryBar64(int index, long size, IoRegion region) {
        bars.add(new Bar(Bar.Kind.MEMORY_64, index, size, region, config, bus));
    }

    /**
     * Links a capability into the list.
     *
     * @param size in bytes, id and link included
     * @return its offset; the registers after its first two bytes are the caller's to define
     */
    public int addCapability(int id, int size) {
        int offset = state.capabilitiesEnd;
        if (offset + size > ConfigSpace.SIZE) {
            throw new IllegalStateException("no room for capability 0x%x of %d bytes".formatted(id, size));
        }
        config.define(state.capabilitiesLink.reset(offset));
        config.define(ConfigRegister.of(offset, 1).reset(id));
        config.define(STATUS.reset(Status.CAPABILITIES_LIST));
        state.capabilitiesLink = ConfigRegister.of(offset + 1, 1);
        state.capabilitiesEnd = Math.ceilDiv(offset + size, CAPABILITY_ALIGNMENT) * CAPABILITY_ALIGNMENT;
        return offset;
    }

    /** @param vectors a power of two, up to 32 */
    public Msi addMsi(int vectors) {
        Msi msi = new Msi(this::send, vectors);
        msi.define(config, addCapability(Msi.CAPABILITY, Msi.CAPABILITY_SIZE));
        return msi;
    }

    /**
     * @param vectors up to 2048
     * @param bar index of a base address register for the table, which this adds
     */
    public Msix addMsix(int vectors, int bar) {
        Msix added = new Msix(this::send, vectors);
        added.define(config, addCapability(Msix.CAPABILITY, Msix.CAPABILITY_SIZE), bar);
        memoryBar(bar, added.size(), added);
        msix.add(added);
        return added;
    }

    /**
     * Gives the function an interrupt pin.
     *
     * @param pin 0 for INTA# to 3 for INTD#
     */
    public IrqLine interruptPin(int pin) {
        InterruptPin added = new InterruptPin(wiring.pin(slot, pin));
        config.define(PciHeader.INTERRUPT_PIN.reset(pin + 1));
        pins.add(added);
        return added;
    }

    List<Bar> bars() {
        return List.copyOf(bars);
    }

    /** Has the function answer at its addresses, and remembers which interrupt its pin leads to. */
    void enableLikeFirmware(IntUnaryOperator irqOfPin) {
        int pin = (int) config.get(PciHeader.INTERRUPT_PIN);
        if (pin != 0) {
            config.write(PciHeader.INTERRUPT_LINE.offset(), 1, irqOfPin.applyAsInt(pin - 1));
        }
        if (!bars.isEmpty()) {
            config.write(COMMAND.offset(), COMMAND.size(), (int) config.get(COMMAND) | Command.IO_SPACE | Command.MEMORY_SPACE);
        }
    }

    /** @param allowed hears, at every write of the command register and after a reset, whether the function may access memory */
    public void onBusMaster(Consumer<Boolean> allowed) {
        busMasters.add(allowed);
    }

    /** @param reset runs first when the bus is reset, without any lock */
    public void onReset(Runnable reset) {
        resets.add(reset);
    }

    // ---- in use -----------------------------------------------------------------------------------------------------

    /** A message is a write to memory, which only a bus master may make. */
    private void send(long address, int data) {
        if (state.busMaster) {
            wiring.messages().send(address, data);
        }
    }

    void reset() {
        resets.forEach(Runnable::run);
        config.reset();
        msix.forEach(Msix::reset);
    }

    private void refreshStatus() {
        boolean interrupting = pins.stream().anyMatch(InterruptPin::asserted);
        long status = config.get(STATUS) & ~Status.INTERRUPT;
        config.set(STATUS, interrupting ? status | Status.INTERRUPT : status);
    }

    int read(int offset, int size) {
        return config.read(offset, size);
    }

    void write(int offset, int size, int value) {
        config.write(offset, size, value);
    }
}
