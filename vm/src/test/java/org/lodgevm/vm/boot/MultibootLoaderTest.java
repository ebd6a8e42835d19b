package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class MultibootLoaderTest {
    private static final int RAX = 0;
    private static final int RBX = 3;
    private static final byte[] ELF = TestImages.elf(false, TestImages.multibootHeader(3), TestImages.noNote());

    @Test
    void anElfKernelStartsWithTheMagicNumber() {
        try (Rig rig = new Rig(16)) {
            rig.load(ELF, "");
            assertThat(rig.cpu.rip).isEqualTo(0x20_0000);
            assertThat(rig.cpu.gpr[RAX]).isEqualTo(0x2bad_b002);
            assertThat(rig.cpu.cr0 & 0x8000_0001L).isEqualTo(1);
        }
    }

    @Test
    void theInformationTellsCommandLineMemoryAndLoader() {
        try (Rig rig = new Rig(16)) {
            rig.load(ELF, "x=1");
            ByteBuffer info = rig.at(rig.cpu.gpr[RBX], 116);
            assertThat(rig.text(info.getInt(16))).isEqualTo("test-kernel x=1");
            assertThat(info.getInt(4)).isEqualTo(639);
            assertThat(info.getInt(8)).isEqualTo(15 << 10);
            assertThat(rig.text(info.getInt(64))).isEqualTo("lodge");
            ByteBuffer map = rig.at(info.getInt(48), info.getInt(44));
            assertThat(map.getInt(0)).isEqualTo(20);
            assertThat(map.getLong(12)).isEqualTo(MemoryMap.EBDA);
            assertThat(map.capacity() / 24).isEqualTo(rig.map.ranges().size());
        }
    }

    @Test
    void modulesArePageAlignedAboveTheKernelEachWithItsCommandLine() {
        try (Rig rig = new Rig(16)) {
            rig.load(ELF, "", new BootModule(BootFile.of("one", new byte[] {1}), "a b"), Rig.module("two", new byte[5000]));
            ByteBuffer info = rig.at(rig.cpu.gpr[RBX], 116);
            assertThat(info.getInt(20)).isEqualTo(2);
            ByteBuffer list = rig.at(info.getInt(24), 32);
            assertThat(list.getInt(0)).isEqualTo(0x20_1000);
            assertThat(list.getInt(4)).isEqualTo(0x20_1001);
            assertThat(rig.text(list.getInt(8))).isEqualTo("one a b");
            assertThat(list.getInt(16)).isEqualTo(0x20_2000);
            assertThat(rig.text(list.getInt(24))).isEqualTo("two");
        }
    }

    @Test
    void aKernelOfAddressesIsLoadedByThem() {
        try (Rig rig = new Rig(16)) {
            rig.load(flat(0x10_0010, 0x10_0000, 0, 0x10_1000, 0x10_0040), "");
            assertThat(rig.cpu.rip).isEqualTo(0x10_0040);
            assertThat(rig.at(0x10_0010, 4).getInt(0)).isEqualTo(0x1bad_b002);
            assertThat(rig.memory.read(0x10_003f, 1)[0]).isEqualTo((byte) 0x3f);
            assertThat(rig.memory.read(0x10_0080, 1)[0]).isZero();
        }
    }

    @Test
    void damagedAddressesAreRefused() {
        try (Rig rig = new Rig(16)) {
            assertThatThrownBy(() -> rig.load(flat(0x10_0010, 0x10_0020, 0, 0, 0), "")).isInstanceOf(BootException.class)
                    .hasMessageContaining("damaged multiboot header");
            assertThatThrownBy(() -> rig.load(flat(0x10_0010, 0x10_0000, 0x10_1000, 0, 0), "")).isInstanceOf(BootException.class)
                    .hasMessageContaining("truncated");
            assertThatThrownBy(() -> rig.load(flat(0xf000_0010, 0xf000_0000, 0, 0, 0), "")).isInstanceOf(BootException.class)
                    .hasMessageContaining("0xf0000000");
        }
    }

    /** A flat image of 128 bytes whose header is at offset 16; other bytes count up. */
    private static byte[] flat(int headerAddr, int loadAddr, int loadEnd, int bssEnd, int entry) {
        ByteBuffer b = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 128; i++) {
            b.put(i, (byte) i);
        }
        b.put(16, TestImages.multibootHeader(0x1_0003));
        return b.putInt(28, headerAddr).putInt(32, loadAddr).putInt(36, loadEnd).putInt(40, bssEnd).putInt(44, entry).array();
    }

    @Test
    void unknownRequirementsAreRefused() {
        try (Rig rig = new Rig(16)) {
            byte[] kernel = TestImages.elf(false, TestImages.multibootHeader(0x13), TestImages.noNote());
            assertThatThrownBy(() -> rig.load(kernel, "")).isInstanceOf(BootException.class).hasMessageContaining("0x10");
        }
    }

    @Test
    void compressedKernelsAreExpanded() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(ELF);
        }
        try (Rig rig = new Rig(16)) {
            rig.load(packed.toByteArray(), "");
            assertThat(rig.cpu.rip).isEqualTo(0x20_0000);
            byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
            assertThatThrownBy(() -> rig.load(half, "")).isInstanceOf(BootException.class).hasMessageContaining("is truncated");
        }
    }
}
