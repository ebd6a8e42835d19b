package org.lodgevm.vm.acpi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.lodgevm.vm.acpi.Aml.bytes;
import static org.lodgevm.vm.acpi.Aml.join;
import static org.lodgevm.vm.acpi.Aml.little;

import java.util.List;
import org.lodgevm.devices.chipset.PcLayout;

/** All ACPI tables of a machine, ready to be put at any address. */
public final class AcpiTables {
    /** Root pointer and tables, each for the address it was asked for. */
    public record Placed(byte[] rsdp, byte[] tables) {}

    /** Size of the root system description pointer, revision 2. @acpi 5.2.5.3 */
    public static final int RSDP_SIZE = 36;

    /** What a table's address must be a multiple of: the FACS is the strictest. @acpi 5.2.10 */
    public static final int ALIGNMENT = 64;

    private static final int RSDP_REVISION = 2;
    private static final int RSDP_CHECKSUM = 8;
    private static final int RSDP_CHECKED = 20;
    private static final int RSDP_RSDT = 16;
    private static final int RSDP_XSDT = 24;
    private static final int RSDP_EXTENDED_CHECKSUM = 32;

    private static final int FACS_SIZE = 64;
    private static final int FACS_VERSION = 2;
    private static final int PAGE_PROTECTION_4K = 1;

    private final LinkedBlob tables = new LinkedBlob();
    private final LinkedBlob rsdp = new LinkedBlob();

    /**
     * @param cpus number of CPUs, whose APIC ids are their indexes
     * @param hpetId the low half of the HPET's capability register
     * @param virtioMmio how many virtio devices there are in memory
     */
    public AcpiTables(int cpus, int hpetId, int virtioMmio) {
        int facs = appendFacs();
        int dsdt = SystemTable.append(tables, "DSDT", Dsdt.REVISION, Dsdt.body(cpus, virtioMmio));
        int fadt = SystemTable.append(tables, "FACP", Fadt.REVISION, Fadt.body());
        point(fadt + Fadt.FIRMWARE_CTRL, 4, facs);
        point(fadt + Fadt.X_FIRMWARE_CTRL, 8, facs);
        point(fadt + Fadt.DSDT, 4, dsdt);
        point(fadt + Fadt.X_DSDT, 8, dsdt);
        int madt = SystemTable.append(tables, "APIC", Madt.REVISION, Madt.body(cpus));
        int hpet = SystemTable.append(tables, "HPET", 1, hpet(hpetId));
        int mcfg = SystemTable.append(tables, "MCFG", 1, mcfg());
        List<Integer> all = List.of(fadt, madt, hpet, mcfg);
        int rsdt = appendRoot("RSDT", 4, all);
        int xsdt = appendRoot("XSDT", 8, all);
        appendRsdp(rsdt, xsdt);
    }

    /** How much room the tables take. */
    public int size() {
        return tables.size();
    }

    /** The tables for these addresses. */
    public Placed at(long rsdpGpa, long tablesGpa) {
        return new Placed(
                rsdp.linked(blob -> blob == tables ? tablesGpa : rsdpGpa), tables.linked(blob -> tablesGpa));
    }

    LinkedBlob tables() {
        return tables;
    }

    LinkedBlob rsdp() {
        return rsdp;
    }

    /** The Firmware ACPI Control Structure, which has no checksum. */
    private int appendFacs() {
        byte[] facs = join("FACS".getBytes(US_ASCII), little(FACS_SIZE, 4), new byte[24], bytes(FACS_VERSION), new byte[31]);
        return tables.append(facs, ALIGNMENT);
    }

    /** IA-PC HPET Specification 1.0a, 3.2.4: address structure (memory, 64 bits), number 0, shortest period, page protection. */
    private static byte[] hpet(int id) {
        int shortestPeriod = 0x80;
        return join(
                little(id, 4), bytes(0, 64, 0, 0), little(PcLayout.HPET, 8), bytes(0), little(shortestPeriod, 2),
                bytes(PAGE_PROTECTION_4K));
    }

    /** PCI Firmware Specification 3.2, 4.1.2: one segment group with all buses. */
    private static byte[] mcfg() {
        return join(new byte[8], little(PcLayout.ECAM, 8), little(0, 2), bytes(0, PcLayout.ECAM_BUSES - 1), new byte[4]);
    }

    private int appendRoot(String signature, int width, List<Integer> offsets) {
        int root = SystemTable.append(tables, signature, 1, new byte[width * offsets.size()]);
        for (int i = 0; i < offsets.size(); i++) {
            point(root + SystemTable.HEADER_SIZE + width * i, width, offsets.get(i));
        }
        return root;
    }

    private void point(int offset, int size, int target) {
        tables.pointer(offset, size, tables, target);
    }

    private void appendRsdp(int rsdt, int xsdt) {
        rsdp.append(join(
                "RSD PTR ".getBytes(US_ASCII), bytes(0), SystemTable.oemId(), bytes(RSDP_REVISION), new byte[4],
                little(RSDP_SIZE, 4), new byte[12]), 1);
        rsdp.pointer(RSDP_RSDT, 4, tables, rsdt);
        rsdp.pointer(RSDP_XSDT, 8, tables, xsdt);
        rsdp.checksum(RSDP_CHECKSUM, 0, RSDP_CHECKED);
        rsdp.checksum(RSDP_EXTENDED_CHECKSUM, 0, RSDP_SIZE);
    }
}
