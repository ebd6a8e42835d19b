package org.lodgevm.vm.acpi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.PcLayout;

class AcpiTablesTest {
    private static final long RSDP_GPA = 0xe_0000;
    private static final long TABLES_GPA = 0xe_0040;

    private final AcpiTables tables = new AcpiTables(4, 0x8086_a201, 2);
    private final AcpiTables.Placed placed = tables.at(RSDP_GPA, TABLES_GPA);
    private final ByteBuffer rsdp = ByteBuffer.wrap(placed.rsdp()).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer all = ByteBuffer.wrap(placed.tables()).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void theRootPointerHasBothChecksums() {
        assertThat(signature(rsdp, 0, 8)).isEqualTo("RSD PTR ");
        assertThat(sum(rsdp, 0, 20)).isZero();
        assertThat(sum(rsdp, 0, 36)).isZero();
    }

    @Test
    void bothRootTablesListTheSameTables() {
        int rsdt = at(rsdp.getInt(16));
        int xsdt = at(rsdp.getLong(24));
        assertThat(signature(all, rsdt, 4)).isEqualTo("RSDT");
        assertThat(signature(all, xsdt, 4)).isEqualTo("XSDT");
        List<String> narrow = new ArrayList<>();
        for (int i = 36; i < all.getInt(rsdt + 4); i += 4) {
            narrow.add(signature(all, at(all.getInt(rsdt + i)), 4));
        }
        List<String> wide = new ArrayList<>();
        for (int i = 36; i < all.getInt(xsdt + 4); i += 8) {
            wide.add(signature(all, at(all.getLong(xsdt + i)), 4));
        }
        assertThat(narrow).containsExactly("FACP", "APIC", "HPET", "MCFG").isEqualTo(wide);
    }

    @Test
    void everyTableSumsUpToZero() {
        List<Integer> offsets = new ArrayList<>(List.of(at(rsdp.getInt(16)), at(rsdp.getLong(24)), at(all.getInt(find("FACP") + 40))));
        for (String name : List.of("FACP", "APIC", "HPET", "MCFG")) {
            offsets.add(find(name));
        }
        for (int offset : offsets) {
            assertThat(sum(all, offset, all.getInt(offset + 4))).as(signature(all, offset, 4)).isZero();
        }
    }

    @Test
    void theFixedTablePointsToTheOtherTwo() {
        int fadt = find("FACP");
        assertThat(signature(all, at(all.getInt(fadt + 36)), 4)).isEqualTo("FACS");
        assertThat(all.getInt(fadt + 36) % 64).isZero();
        assertThat(signature(all, at(all.getInt(fadt + 40)), 4)).isEqualTo("DSDT");
        assertThat(all.getLong(fadt + 140)).isEqualTo(all.getInt(fadt + 40));
        assertThat(all.getInt(fadt + 56)).isEqualTo(PcLayout.PM1_EVENT);
    }

    @Test
    void theApicTableNamesEachCpuOnce() {
        int madt = find("APIC");
        List<Integer> ids = new ArrayList<>();
        for (int i = madt + 44; i < madt + all.getInt(madt + 4); i += all.get(i + 1)) {
            if (all.get(i) == 0) {
                ids.add((int) all.get(i + 3));
                assertThat(all.getInt(i + 4)).isEqualTo(1);
            }
        }
        assertThat(ids).containsExactly(0, 1, 2, 3);
    }

    @Test
    void firmwareThatRunsTheScriptGetsTheSameTables() {
        Map<String, byte[]> files = LoaderScript.files(tables);
        Map<String, Long> addresses = Map.of("etc/acpi/rsdp", RSDP_GPA, "etc/acpi/tables", TABLES_GPA);
        ScriptRunner.run(files, addresses);
        assertThat(files.get("etc/acpi/rsdp")).isEqualTo(placed.rsdp());
        assertThat(files.get("etc/acpi/tables")).isEqualTo(placed.tables());
    }

    @Test
    void theTablesOfAsManyCpusAsPossibleFitBelowTheirNeighbours() {
        assertThat(new AcpiTables(255, 0, 24).size()).isLessThan(0x1_0000 - 64);
    }

    private int find(String signature) {
        int xsdt = at(rsdp.getLong(24));
        for (int i = 36; i < all.getInt(xsdt + 4); i += 8) {
            int table = at(all.getLong(xsdt + i));
            if (signature(all, table, 4).equals(signature)) {
                return table;
            }
        }
        throw new AssertionError(signature);
    }

    private static int at(long gpa) {
        return (int) (gpa - TABLES_GPA);
    }

    private static String signature(ByteBuffer b, int offset, int length) {
        byte[] bytes = new byte[length];
        b.get(offset, bytes);
        return new String(bytes, US_ASCII);
    }

    private static int sum(ByteBuffer b, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += b.get(offset + i);
        }
        return sum & 0xff;
    }
}
