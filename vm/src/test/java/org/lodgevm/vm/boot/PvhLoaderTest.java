package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.machine.VcpuState.Segment;

class PvhLoaderTest {
    private static final int RBX = 3;

    @ParameterizedTest
    @CsvSource({"false, 4", "false, 8", "true, 4", "true, 8"})
    void theNoteTellsTheEntryPoint(boolean wide, int width) {
        try (Rig rig = new Rig(16)) {
            rig.load(TestImages.elf(wide, new byte[] {1, 2, 3}, TestImages.pvhNote(0x20_0002, width)), "");
            assertThat(rig.cpu.rip).isEqualTo(0x20_0002);
            assertThat(rig.cpu.cr0 & 0x8000_0001L).isEqualTo(1);
            assertThat(rig.cpu.segments[1]).isEqualTo(new Segment(0x08, 0, -1, 0xc09b));
            assertThat(rig.cpu.tr.limit()).isEqualTo(0x67);
            assertThat(rig.memory.read(0x20_0000, 3)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void memoryBeyondTheFileIsZeroed() {
        try (Rig rig = new Rig(16)) {
            rig.memory.write(0x20_0000, new byte[] {9, 9, 9, 9, 9});
            rig.load(TestImages.elf(true, new byte[] {1, 2, 3}, TestImages.pvhNote(0x20_0000, 4)), "");
            assertThat(rig.memory.read(0x20_0000, 5)).containsExactly(1, 2, 3, 0, 0);
        }
    }

    @Test
    void theStartInfoLeadsToEverythingElse() {
        try (Rig rig = new Rig(16)) {
            BootModule module = new BootModule(BootFile.of("m", new byte[] {7, 7}), "first one");
            rig.load(TestImages.elf(true, new byte[] {1}, TestImages.pvhNote(0x20_0000, 4)), "a b", module);
            ByteBuffer info = rig.at(rig.cpu.gpr[RBX], 56);
            assertThat(info.getInt(0)).isEqualTo(0x336e_c578);
            assertThat(info.getInt(4)).isEqualTo(1);
            assertThat(rig.text(info.getLong(24))).isEqualTo("a b");
            assertThat(info.getLong(32)).isEqualTo(Rig.RSDP);
            assertThat(info.getInt(12)).isEqualTo(1);
            ByteBuffer list = rig.at(info.getLong(16), 32);
            assertThat(rig.memory.read(list.getLong(0), (int) list.getLong(8))).containsExactly(7, 7);
            assertThat(rig.text(list.getLong(16))).isEqualTo("first one");
            assertThat(info.getInt(48)).isEqualTo(rig.map.ranges().size());
            ByteBuffer map = rig.at(info.getLong(40), 24 * info.getInt(48));
            for (int i = 0; i < rig.map.ranges().size(); i++) {
                MemoryMap.Range range = rig.map.ranges().get(i);
                assertThat(map.getLong(24 * i)).isEqualTo(range.start());
                assertThat(map.getLong(24 * i + 8)).isEqualTo(range.size());
                assertThat(map.getInt(24 * i + 16)).isEqualTo(range.type().number());
            }
        }
    }
}
