package org.lodgevm.vm.firmware;

import org.lodgevm.devices.chipset.Chipset;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.VcpuState;

/** The part of a machine's firmware that this machine performs itself. */
public final class Firmware {
    /** Where the ACPI tables begin. */
    public static final long RSDP = FirmwareTables.RSDP;

    /** Interrupt mask register of the first PIC. */
    private static final int PIC_1_OCW1 = PcLayout.PIC_1 + 1;

    private static final int IRQ_CASCADE = 2;

    private final Chipset chipset;
    private final Bus bus;
    private final FirmwareTables tables;

    /** Describes the machine in its CMOS RAM and its configuration device, where real firmware looks. */
    public Firmware(Chipset chipset, Bus bus, MachineDescription machine) {
        this.chipset = chipset;
        this.bus = bus;
        tables = new FirmwareTables(machine);
        Cmos.fill(chipset.rtc(), machine.cpus(), machine.memory());
        ConfigurationItems.add(chipset.fwCfg(), machine, tables);
    }

    /** Adds what a machine without a firmware image has at its reset vector. */
    public static void addRom(GuestMemory memory) {
        ResetVector.addRom(memory);
    }

    /** After a reset: does to chipset and memory what firmware does before it starts a kernel. Its clock keeps ticking. */
    public void prepare(GuestMemory memory) {
        chipset.programLikeFirmware();
        bus.writePort(PIC_1_OCW1, 1, ~(1 << PcLayout.IRQ_TIMER | 1 << IRQ_CASCADE));
        tables.write(memory);
    }

    /** The same for each CPU. */
    public static void prepare(VcpuState cpu) {
        cpu.msrs.putAll(Mtrrs.values());
    }
}
