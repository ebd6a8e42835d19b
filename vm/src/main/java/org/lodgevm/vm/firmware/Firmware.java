package org.lodgevm.vm.firmware;

import org.lodgevm.devices.chipset.Chipset;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.VcpuState;

/** The part of a machine's firmware that this machine performs itself. */
public final class Firmware {
    /** Where the ACPI tables begin. */
    public static final long RSDP = FirmwareTables.RSDP;

    private final Chipset chipset;
    private final FirmwareTables tables;

    /** Describes the machine in its CMOS RAM and its configuration device, where real firmware looks. */
    public Firmware(Chipset chipset, MachineDescription machine) {
        this.chipset = chipset;
        tables = new FirmwareTables(machine);
        Cmos.fill(chipset.rtc(), machine.cpus(), machine.memory());
        ConfigurationItems.add(chipset.fwCfg(), machine, tables);
    }

    /** After a reset: does to chipset and memory what firmware does before it starts a kernel. */
    public void prepare(GuestMemory memory) {
        chipset.programLikeFirmware();
        tables.write(memory);
    }

    /** The same for each CPU. */
    public static void prepare(VcpuState cpu) {
        cpu.msrs.putAll(Mtrrs.values());
    }
}
