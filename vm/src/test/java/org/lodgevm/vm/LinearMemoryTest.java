package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;
import org.lodgevm.machine.VcpuState;

/** @sdm 3A:4.3, 3A:4.4, 3A:4.5 */
class LinearMemoryTest {
    private static final long PRESENT = 1;
    private static final long LARGE = 1 << 7;
    private static final int EFER = 0xc000_0080;
    private static final long LMA = 1 << 10;
    private static final long PG = 1L << 31;
    private static final long PSE = 1 << 4;
    private static final long PAE = 1 << 5;
    private static final long LA57 = 1 << 12;

    private final GuestMemory memory = new GuestMemory();
    private final VcpuState cpu = new VcpuState();

    @BeforeEach
    void addMemory() {
        memory.addRam(0, 4 << 20, RamSource.temporaryFile());
        memory.addRom(0x100_0000, new byte[4096]);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private void put64(long at, long value) {
        memory.at(at, 8).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
    }

    private void put32(long at, long value) {
        memory.at(at, 4).set(ValueLayout.JAVA_INT_UNALIGNED, 0, (int) value);
    }

    private OptionalLong physical(long linear) {
        return new LinearMemory(memory, cpu).physical(linear);
    }

    private void longMode() {
        cpu.cr0 = PG;
        cpu.cr3 = 0x1000;
        cpu.cr4 |= PAE;
        cpu.msrs.put(EFER, LMA);
    }

    @Test
    void withoutPagingLinearIsPhysical() {
        assertThat(physical(0x1234)).hasValue(0x1234);
    }

    @Test
    void fourLevelsLeadToAPage() {
        longMode();
        put64(0x1000 + 8 * 511, 0x2000 | PRESENT);
        put64(0x2000 + 8 * 510, 0x3000 | PRESENT);
        put64(0x3000 + 8, 0x4000 | PRESENT);
        put64(0x4000 + 8 * 2, 0x8000_0000_0000_5000L | PRESENT);
        assertThat(physical(0xffff_ffff_8020_2abcL)).hasValue(0x5abc);
        assertThat(physical(0xffff_ffff_8020_3abcL)).isEmpty();
    }

    @Test
    void largePagesEndTheWalk() {
        longMode();
        put64(0x1000, 0x2000 | PRESENT);
        put64(0x2000, 0x3000 | PRESENT);
        put64(0x2000 + 8, 0x4000_0000L | LARGE | PRESENT);
        put64(0x3000 + 8 * 3, 0x20_0000 | LARGE | PRESENT);
        assertThat(physical(0x61_2345)).hasValue(0x21_2345);
        assertThat(physical(0x7654_3210)).hasValue(0x7654_3210);
    }

    @Test
    void fiveLevelsHaveOneMore() {
        longMode();
        cpu.cr4 |= LA57;
        put64(0x1000 + 8, 0x2000 | PRESENT);
        put64(0x2000, 0x3000 | PRESENT);
        put64(0x3000, 0x4000_0000L | LARGE | PRESENT);
        assertThat(physical(1L << 48 | 0x777)).hasValue(0x4000_0777L);
    }

    @Test
    void paeHasFourEntriesAtTheTop() {
        cpu.cr0 = PG;
        cpu.cr4 = PAE;
        cpu.cr3 = 0x1020;
        put64(0x1020 + 8 * 3, 0x2000 | PRESENT);
        put64(0x2000 + 8 * 511, 0x3000 | PRESENT);
        put64(0x3000 + 8 * 511, 0x1_2345_6000L | PRESENT);
        assertThat(physical(0xffff_ffffL)).hasValue(0x1_2345_6fffL);
    }

    @Test
    void thirtyTwoBitsHaveTwoLevelsAndPagesOf4Mebibytes() {
        cpu.cr0 = PG;
        cpu.cr3 = 0x1000;
        put32(0x1000 + 4, 0x2000 | PRESENT);
        put32(0x2000 + 4 * 5, 0x7000 | PRESENT);
        put32(0x1000 + 4 * 2, 0x0040_0000 | 3 << 13 | LARGE | PRESENT);
        assertThat(physical(0x40_5123)).hasValue(0x7123);
        cpu.cr4 = PSE;
        assertThat(physical(0x81_2345)).hasValue(0x3_0041_2345L);
    }

    @Test
    void tablesOutsideOfMemoryLeadNowhere() {
        longMode();
        put64(0x1000, 0x7_0000_0000L | PRESENT);
        assertThat(physical(0)).isEmpty();
    }

    @Test
    void anAccessMayEndWhereMemoryDoes() {
        memory.write(0x3f_fffc, new byte[] {1, 2, 3, 4});
        LinearMemory linear = new LinearMemory(memory, cpu);
        assertThat(linear.read(0x3f_fffc, 16)).containsExactly(1, 2, 3, 4);
        assertThat(linear.write(0x3f_fffe, new byte[] {9, 9, 9, 9})).isFalse();
        assertThat(linear.read(0x3f_fffc, 4)).as("nothing was written").containsExactly(1, 2, 3, 4);
        assertThat(linear.write(0xfffe, new byte[] {5, 6, 7, 8})).as("over a page boundary").isTrue();
        assertThat(linear.read(0xfffe, 4)).containsExactly(5, 6, 7, 8);
    }

    @Test
    void romIsNotWrittenTo() {
        assertThat(new LinearMemory(memory, cpu).write(0x100_0000, new byte[1])).isFalse();
    }
}
