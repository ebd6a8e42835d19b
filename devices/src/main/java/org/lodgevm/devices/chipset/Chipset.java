package org.lodgevm.devices.chipset;

import org.lodgevm.devices.chipset.apic.LocalApic;
import org.lodgevm.devices.chipset.firmware.FwCfg;
import org.lodgevm.devices.chipset.pci.PciBus;
import org.lodgevm.devices.chipset.serial.Uart;
import org.lodgevm.devices.chipset.timer.Rtc;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.PowerControl;
import org.lodgevm.machine.Tsc;

/** A PC's chipset, assembled and mapped on a machine's bus. */
public final class Chipset implements AutoCloseable {
    /** What the board gives the CPU that is plugged in: create the CPU with these, then {@link LocalApic#attach} it. */
    public record Socket(Bus bus, LocalApic apic, Tsc tsc) {}

    private Chipset() {}

    /** Maps everything on {@code bus}; the chipset is at its power-up state. */
    public static Chipset build(Bus bus, Clock clock, PowerControl power, ChipsetConfig config) {
        throw new UnsupportedOperationException();
    }

    public Socket socket(int cpu) {
        throw new UnsupportedOperationException();
    }

    public LocalApic localApic(int cpu) {
        throw new UnsupportedOperationException();
    }

    public Uart uart(int index) {
        throw new UnsupportedOperationException();
    }

    public PciBus pciBus() {
        throw new UnsupportedOperationException();
    }

    public FwCfg fwCfg() {
        throw new UnsupportedOperationException();
    }

    public Rtc rtc() {
        throw new UnsupportedOperationException();
    }

    /** A new input of a global system interrupt: of the I/O APIC's pin and, below 16, of the PIC's. Inputs of one interrupt are or-ed. */
    public IrqLine ioApicLine(int gsi) {
        throw new UnsupportedOperationException();
    }

    /** Someone pressed it: the guest's ACPI driver is told. */
    public void powerButton() {
        throw new UnsupportedOperationException();
    }

    /** A non-maskable interrupt from outside, unless port 0x70 masks it. */
    public void nmi() {
        throw new UnsupportedOperationException();
    }

    /** Everything back to its power-up state, local APICs included; CMOS RAM and what was added to {@link #fwCfg} stay. */
    public void reset() {
        throw new UnsupportedOperationException();
    }

    /**
     * Does what firmware does before it starts an operating system: ECAM and the ACPI block at their addresses, the PIC remapped,
     * PIT channel 0 at 18.2 Hz, LINT0 of CPU 0 as virtual wire. For machines that start a kernel directly; after {@link #reset} again.
     */
    public void programLikeFirmware() {
        throw new UnsupportedOperationException();
    }

    /** Waits, two seconds at most, until what the guest sent has reached the host's streams. */
    public void drain() {
        throw new UnsupportedOperationException();
    }

    /** Drains and ends the threads. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
