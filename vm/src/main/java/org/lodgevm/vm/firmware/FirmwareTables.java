package org.lodgevm.vm.firmware;

import java.util.Map;
import java.util.TreeMap;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.vm.acpi.AcpiTables;
import org.lodgevm.vm.acpi.LoaderScript;
import org.lodgevm.vm.boot.MemoryMap;

/** Everything that tells an operating system what its machine consists of. */
final class FirmwareTables {
    /** Where the ACPI tables begin: the start of the area that operating systems search for them. @acpi 5.2.5.1 */
    static final long RSDP = MemoryMap.BIOS_AREA;

    private static final long ACPI = RSDP + AcpiTables.ALIGNMENT;
    /** SMBIOS and MP tables are searched for from here on. */
    private static final long SMBIOS = 0xf_0000;

    private static final int PARAGRAPH = 16;

    private final long memory;
    private final AcpiTables acpi;
    private final Smbios smbios;
    private final byte[] mpConfiguration;

    FirmwareTables(MachineDescription machine) {
        memory = machine.memory();
        acpi = new AcpiTables(machine.cpus(), machine.hpetId(), machine.virtioMmio());
        smbios = new Smbios(machine.uuid(), machine.cpus(), machine.memory(), machine.cpuSignature());
        mpConfiguration = MpTable.configuration(machine.cpus(), machine.cpuSignature());
    }

    /** Writes all tables below 1 MiB, as a BIOS would have left them. */
    void write(GuestMemory guest) {
        guest.change(MemoryMap.BIOS_AREA, MemoryMap.BIOS_AREA_END - MemoryMap.BIOS_AREA, area -> area.fill((byte) 0));
        BiosData.write(guest);
        ResetVector.write(guest);
        AcpiTables.Placed placed = acpi.at(RSDP, ACPI);
        guest.write(RSDP, placed.rsdp());
        guest.write(ACPI, placed.tables());
        long smbiosTables = align(SMBIOS + Smbios.ANCHOR_SIZE);
        guest.write(SMBIOS, smbios.anchor(smbiosTables));
        guest.write(smbiosTables, smbios.tables());
        long mpPointer = align(smbiosTables + smbios.tables().length);
        guest.write(mpPointer, MpTable.pointer(mpPointer + MpTable.POINTER_SIZE));
        guest.write(mpPointer + MpTable.POINTER_SIZE, mpConfiguration);
    }

    private static long align(long address) {
        return address + PARAGRAPH - 1 & -PARAGRAPH;
    }

    /** What firmware reads from QEMU's configuration device, by file name. */
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>(LoaderScript.files(acpi));
        files.put("etc/smbios/smbios-anchor", smbios.anchor(0));
        files.put("etc/smbios/smbios-tables", smbios.tables());
        files.put("etc/e820", E820File.bytes(memory));
        return files;
    }
}
