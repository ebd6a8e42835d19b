package org.lodgevm.devices.chipset.apic;

import org.lodgevm.devices.chipset.wiring.Window;
import org.lodgevm.machine.ApicRegisters;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.VcpuSignals;

/**
 * A CPU's local APIC as the CPU sees it, by its page of registers (xAPIC) or by MSRs (x2APIC), and as the APIC bus does.
 *
 * <p>Its own monitor guards everything but {@code pending}, which the CPU reads without. What leaves the chip up the chain or
 * to its like (ends of interrupt, the acknowledge cycle to the PIC, IPIs) leaves after the monitor was released.
 */
public final class LocalApic implements LocalInterrupts, IoRegion {
    public static final long DEFAULT_BASE = ApicBase.DEFAULT_ADDRESS;
    public static final int SIZE = 0x1000;

    static final class State {
        final ApicBase.State base = new ApicBase.State();
        final ApicCore.State core = new ApicCore.State();
    }

    private static final int TSC_DEADLINE_MSR = 0x6e0;
    private static final int X2APIC_MSRS = 0x800;
    private static final int X2APIC_MSRS_SIZE = 0x100;

    final State state = new State();
    private final int index;
    private final ApicBus bus;
    private final InterruptAcknowledge pic;
    private final Window page;
    private final AttachedCpu cpu = new AttachedCpu();
    private final ApicBase base;
    private final ApicCore core;

    /**
     * @param index the initial APIC id; 0 is the bootstrap processor's
     * @param pic answers the acknowledge cycle for ExtINT
     * @param physicalAddressBits MAXPHYADDR
     * @param cpuBus the CPU's own bus, on which this maps its register page
     */
    public LocalApic(int index, Clock clock, Tsc tsc, ApicBus bus, InterruptAcknowledge pic, int physicalAddressBits,
            Bus cpuBus) {
        this.index = index;
        this.bus = bus;
        this.pic = pic;
        this.page = Window.ofMemory(cpuBus, this);
        this.base = new ApicBase(state.base, physicalAddressBits);
        this.core = new ApicCore(state.core, index, base, cpu, clock, tsc, this::timerFired);
        reset(false);
    }

    /** Whom interrupts are signalled to. */
    public void attach(VcpuSignals signals) {
        cpu.attach(signals);
    }

    @Override
    public synchronized void reset(boolean init) {
        if (!init) {
            base.reset(index == 0);
            core.resetId();
        }
        core.reset();
        placePage();
    }

    /** Programs the pins as firmware does: the PIC's interrupts at LINT0 of the bootstrap processor, NMI at LINT1. */
    public synchronized void programVirtualWire() {
        core.programVirtualWire();
    }

    /** Somebody has it from now on; wires alone still end here. */
    synchronized ApicRegisters lend() {
        return new ApicRegisters(base.value(), core.lend());
    }

    synchronized void takeBack(ApicRegisters registers) {
        base.restore(registers.base());
        core.takeBack(registers.registers());
        placePage();
    }

    private void placePage() {
        page.place(base.hasPage() ? base.pageAddress() : Window.NOWHERE, SIZE);
    }

    /** Disabling and enabling resets all registers. @sdm 11.4.3 */
    private synchronized void writeBase(long value) {
        boolean wasEnabled = base.isEnabled();
        base.value(value);
        boolean toggled = base.isEnabled() != wasEnabled;
        if (toggled) {
            core.reset();
        }
        if (toggled || base.isX2apic()) {
            core.resetId();
        }
        placePage();
    }

    private synchronized void timerFired() {
        core.expireTimer();
    }

    // ---- what the CPU asks --------------------------------------------------------------------------------------

    @Override
    public boolean pending() {
        return state.core.pending;
    }

    @Override
    public int acknowledge() {
        synchronized (this) {
            if (!core.isExternalDue()) {
                return core.take();
            }
            core.takeExternal();
        }
        return pic.acknowledge();
    }

    @Override
    public synchronized int taskPriority() {
        return core.taskPriority() >> 4;
    }

    @Override
    public synchronized void taskPriority(int cr8) {
        core.taskPriority(cr8 << 4);
    }

    @Override
    public boolean ownsMsr(int msr) {
        return msr == ApicBase.MSR || msr == TSC_DEADLINE_MSR || msr >= X2APIC_MSRS && msr < X2APIC_MSRS + X2APIC_MSRS_SIZE;
    }

    @Override
    public synchronized long readMsr(int msr) {
        int register = msr - X2APIC_MSRS;
        if (msr == ApicBase.MSR) {
            return base.value();
        } else if (msr == TSC_DEADLINE_MSR) {
            return core.deadline();
        } else if (!base.isX2apic() || !ApicRegister.isReadableMsr(register)) {
            throw MsrFault.INSTANCE;
        }
        return register == ApicRegister.ICR ? state.core.interruptCommand : core.read(register) & 0xffff_ffffL;
    }

    @Override
    public void writeMsr(int msr, long value) {
        if (msr == ApicBase.MSR) {
            writeBase(value);
        } else if (msr == TSC_DEADLINE_MSR) {
            writeDeadline(value);
        } else {
            writeX2apic(msr - X2APIC_MSRS, value);
        }
    }

    private synchronized void writeDeadline(long tsc) {
        core.deadline(tsc);
    }

    /** Only the CPU's own thread changes the mode, so that it may be looked at here. */
    private void writeX2apic(int register, long value) {
        if (!base.isX2apic()
                || !ApicRegister.isWritableMsr(register)
                || (value & ~ApicRegister.writableMsrBits(register)) != 0) {
            throw MsrFault.INSTANCE;
        } else if (register == ApicRegister.ICR) {
            send(new InterruptCommand(value));
        } else {
            writeRegister(register, (int) value);
        }
    }

    // ---- the register page --------------------------------------------------------------------------------------

    /** Registers are the first four bytes of every sixteen. */
    @Override
    public synchronized long read(long offset, int size) {
        int within = (int) offset & 0xf;
        if (within + size > Integer.BYTES) {
            return 0;
        }
        return (core.read((int) offset >> 4) & 0xffff_ffffL) >>> 8 * within;
    }

    /** Other than whole aligned registers cannot be written. @sdm 11.4.1 */
    @Override
    public void write(long offset, int size, long value) {
        int register = (int) offset >> 4;
        if (size != Integer.BYTES || (offset & 0xf) != 0) {
            return;
        }
        if (register == ApicRegister.ICR) {
            send(InterruptCommand.ofXapic(destinationField(), (int) value));
        } else {
            writeRegister(register, (int) value);
        }
    }

    private synchronized int destinationField() {
        return core.destinationField();
    }

    private void writeRegister(int register, int value) {
        int ended = -1;
        synchronized (this) {
            if (register == ApicRegister.EOI) {
                ended = core.endOfInterrupt();
            } else {
                core.write(register, value);
            }
        }
        if (ended >= 0) {
            bus.endOfInterrupt(ended);
        }
    }

    private void send(InterruptCommand command) {
        InterruptMessage message;
        synchronized (this) {
            message = core.command(command);
        }
        if (message == null) {
            return;
        }
        switch (command.shorthand()) {
            case SELF -> accept(message);
            case ALL_EXCLUDING_SELF -> bus.deliver(message, this);
            case NONE, ALL_INCLUDING_SELF -> bus.deliver(message);
        }
    }

    // ---- wires and the bus ------------------------------------------------------------------------------------------

    /** LINT0 (the PIC's INTR) or LINT1 (NMI). */
    public IrqLine lint(int pin) {
        return asserted -> setPin(pin, asserted);
    }

    private synchronized void setPin(int pin, boolean asserted) {
        core.setPin(pin, asserted);
    }

    synchronized boolean isAddressedBy(InterruptMessage message) {
        return core.isAddressedBy(message);
    }

    /** Whether an interrupt of this vector waits or is in service. */
    synchronized boolean holds(int vector) {
        return core.holds(vector);
    }

    synchronized int arbitrationPriority() {
        return core.arbitrationPriority();
    }

    /** @return whether it took the interrupt */
    synchronized boolean accept(InterruptMessage message) {
        return core.accept(message);
    }
}
