package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.VcpuState.Segment;

class LinuxLoaderTest {
    private static final int RSI = 6;
    private static final byte[] CPIO = TestImages.cpio("TRAILER!!!", new byte[0]);

    @Test
    void sixtyFourBitKernelsStartInLongModeAtTheirSecondEntryPoint() {
        try (Rig rig = new Rig(64)) {
            rig.load(TestImages.bzImage(0x1000, true).array(), "quiet");
            assertThat(rig.cpu.rip).isEqualTo(0x100_0200);
            assertThat(rig.cpu.cr0 & 0x8000_0001L).isEqualTo(0x8000_0001L);
            assertThat(rig.cpu.cr4 & 0x20).isEqualTo(0x20);
            assertThat(rig.cpu.msrs.get(0xc000_0080)).isEqualTo(0x500);
            assertThat(rig.cpu.segments[1]).isEqualTo(new Segment(0x10, 0, -1, 0xa09b));
            assertThat(rig.cpu.segments[3]).isEqualTo(new Segment(0x18, 0, -1, 0xc093));
            assertThat(rig.cpu.rflags).isEqualTo(2);
        }
    }

    @Test
    void thirtyTwoBitKernelsStartInProtectedModeAtTheirBeginning() {
        try (Rig rig = new Rig(64)) {
            rig.load(TestImages.bzImage(0x1000, false).array(), "quiet");
            assertThat(rig.cpu.rip).isEqualTo(0x100_0000);
            assertThat(rig.cpu.cr0 & 0x8000_0001L).isEqualTo(1);
            assertThat(rig.cpu.segments[1]).isEqualTo(new Segment(0x10, 0, -1, 0xc09b));
            assertThat(rig.cpu.gpr[3]).isZero();
            assertThat(rig.cpu.gpr[5]).isZero();
            assertThat(rig.cpu.gpr[7]).isZero();
        }
    }

    @Test
    void theDescriptorTableAgreesWithTheSegments() {
        try (Rig rig = new Rig(64)) {
            rig.load(TestImages.bzImage(0x1000, true).array(), "");
            ByteBuffer gdt = rig.at(rig.cpu.gdtr.base(), rig.cpu.gdtr.limit() + 1);
            assertThat(gdt.getLong(0)).isZero();
            assertThat(gdt.getLong(0x10)).isEqualTo(0x00af_9b00_0000_ffffL);
            assertThat(gdt.getLong(0x18)).isEqualTo(0x00cf_9300_0000_ffffL);
        }
    }

    @Test
    void fourGibibytesAreMappedToThemselves() {
        try (Rig rig = new Rig(64)) {
            rig.load(TestImages.bzImage(0x1000, true).array(), "");
            for (long address : new long[] {0, 0x100_0200, 0xfee0_0000L, 0xffff_ffffL}) {
                assertThat(translate(rig, address)).isEqualTo(address);
            }
        }
    }

    private static long translate(Rig rig, long address) {
        long pdpt = entry(rig, rig.cpu.cr3, address >>> 39);
        long pd = entry(rig, pdpt & -4096, address >>> 30);
        long page = entry(rig, pd & -4096, address >>> 21);
        assertThat(page & 0x83).isEqualTo(0x83);
        return (page & -(2L << 20)) + (address & (2 << 20) - 1);
    }

    private static long entry(Rig rig, long table, long index) {
        long entry = rig.at(table + 8 * (index & 511), 8).getLong(0);
        assertThat(entry & 3).isEqualTo(3);
        return entry;
    }

    @Test
    void theZeroPageHasHeaderCommandLineMemoryMapAndTables() {
        try (Rig rig = new Rig(64)) {
            rig.load(TestImages.bzImage(0x1000, true).array(), "console=ttyS0");
            ByteBuffer page = rig.at(rig.cpu.gpr[RSI], 4096);
            assertThat(page.getInt(0x202)).isEqualTo(0x5372_6448);
            assertThat(page.get(0x210) & 0xff).isEqualTo(0xff);
            assertThat(rig.text(page.getInt(0x228))).isEqualTo("console=ttyS0");
            assertThat(page.getLong(0x70)).isEqualTo(Rig.RSDP);
            assertThat(page.get(0x1e8)).isEqualTo((byte) rig.map.ranges().size());
            assertThat(page.getLong(0x2d0)).isZero();
            assertThat(page.getLong(0x2d8)).isEqualTo(MemoryMap.EBDA);
            assertThat(page.getInt(0x2e0)).isEqualTo(1);
            assertThat(page.getInt(0x1e0)).isEqualTo(63 << 10);
        }
    }

    @Test
    void onlyTheHeaderIsCopiedFromTheFile() {
        try (Rig rig = new Rig(64)) {
            ByteBuffer image = TestImages.bzImage(0x1000, true);
            Arrays.fill(image.array(), 0, 0x1f1, (byte) 0xcc);
            Arrays.fill(image.array(), 0x270, TestImages.IMAGE_OFFSET, (byte) 0xcc);
            rig.load(image.array(), "");
            ByteBuffer page = rig.at(rig.cpu.gpr[RSI], 4096);
            assertThat(page.get(0x1ef)).as("sentinel").isZero();
            assertThat(page.getInt(0x1c0)).isZero();
            assertThat(page.get(0x280)).isZero();
        }
    }

    @Test
    void thePayloadIsLoadedWhereTheKernelPrefers() {
        try (Rig rig = new Rig(64)) {
            rig.load(TestImages.bzImage(0x1000, true).array(), "");
            assertThat(rig.memory.read(0x100_0000, 3)).containsExactly(0x11, 0x22, 0x33);
        }
    }

    @Test
    void aRelocatableKernelThatWouldMoveItselfBeyondTheMemoryIsRefused() {
        try (Rig rig = new Rig(8)) {
            byte[] image = TestImages.bzImage(0x1000, true).array();
            assertThatThrownBy(() -> rig.load(image, "")).isInstanceOf(BootException.class)
                    .hasMessageContaining("1024 KiB from 0x1000000 on").hasMessageContaining("give it more memory");
        }
    }

    @Test
    void aFixedKernelSaysHowMuchMemoryIsTooLittle() {
        try (Rig rig = new Rig(8)) {
            ByteBuffer image = TestImages.bzImage(0x1000, true).put(0x234, (byte) 0);
            assertThatThrownBy(() -> rig.load(image.array(), "")).isInstanceOf(BootException.class)
                    .hasMessageContaining("test-kernel").hasMessageContaining("0x1000000").hasMessageContaining("give it more memory");
        }
    }

    @Test
    void theInitialRamDiskLiesAsHighAsTheKernelAllows() {
        try (Rig rig = new Rig(64)) {
            ByteBuffer image = TestImages.bzImage(0x1000, true).putInt(0x22c, 0x2ff_ffff);
            rig.load(image.array(), "", Rig.module("initrd", CPIO));
            ByteBuffer page = rig.at(rig.cpu.gpr[RSI], 4096);
            assertThat(page.getInt(0x218)).isEqualTo(0x2ff_f000);
            assertThat(page.getInt(0x21c)).isEqualTo(CPIO.length);
            assertThat(rig.memory.read(0x2ff_f000, CPIO.length)).isEqualTo(CPIO);
        }
    }

    @Test
    void severalInitialRamDisksBecomeOneWithZerosBetween() {
        try (Rig rig = new Rig(64)) {
            rig.load(TestImages.bzImage(0x1000, true).array(), "", Rig.module("a", new byte[] {1, 2, 3, 4, 5}), Rig.module("b", CPIO));
            ByteBuffer page = rig.at(rig.cpu.gpr[RSI], 4096);
            byte[] both = rig.memory.read(page.getInt(0x218), page.getInt(0x21c));
            assertThat(both).hasSize(8 + CPIO.length).startsWith(1, 2, 3, 4, 5, 0, 0, 0, '0', '7');
        }
    }

    @Test
    void aLongCommandLineIsRefused() {
        try (Rig rig = new Rig(64)) {
            byte[] image = TestImages.bzImage(0x1000, true).putInt(0x238, 10).array();
            rig.load(image, "0123456789");
            assertThatThrownBy(() -> rig.load(image, "0123456789a")).isInstanceOf(BootException.class)
                    .hasMessage("the kernel command line has 11 characters, this kernel takes 10; shorten it");
        }
    }

    @Test
    void aTruncatedKernelIsRefused() {
        try (Rig rig = new Rig(64)) {
            byte[] image = TestImages.bzImage(0x1000, true).array();
            assertThatThrownBy(() -> rig.load(Arrays.copyOf(image, image.length - 100), "")).isInstanceOf(BootException.class)
                    .hasMessageContaining("test-kernel is truncated");
        }
    }

    @Test
    void whatASignatureAddsIsNotLoaded() {
        try (Rig rig = new Rig(64)) {
            byte[] image = TestImages.bzImage(0x1000, true).array();
            byte[] signed = Arrays.copyOf(image, image.length + 64);
            Arrays.fill(signed, image.length, signed.length, (byte) 0xee);
            rig.load(signed, "");
            assertThat(rig.memory.read(0x100_0000 + 0x1000, 1)[0]).isZero();
        }
    }

    @Test
    void anOldProtocolIsRefused() {
        try (Rig rig = new Rig(64)) {
            byte[] image = TestImages.bzImage(0x1000, true).putShort(0x206, (short) 0x201).array();
            assertThatThrownBy(() -> rig.load(image, "")).isInstanceOf(BootException.class).hasMessageContaining("2.01");
        }
    }

    @Test
    void aVmlinuxStartsByTheSameProtocol() {
        try (Rig rig = new Rig(64)) {
            rig.load(TestImages.elf(true, new byte[] {1, 2, 3}, TestImages.noNote()), "quiet");
            assertThat(rig.cpu.rip).isEqualTo(0x20_0000);
            assertThat(rig.cpu.msrs).containsEntry(0xc000_0080, 0x500L);
            assertThat(rig.text(rig.at(rig.cpu.gpr[RSI], 4096).getInt(0x228))).isEqualTo("quiet");
        }
    }

    @Test
    void aVmlinuxThatHasAPvhEntryTooTakesSeveralInitialRamDisks() {
        try (Rig rig = new Rig(64)) {
            byte[] kernel = TestImages.elf(true, new byte[] {1, 2, 3}, TestImages.pvhNote("linux", 0x20_0002, 4));
            rig.load(kernel, "", Rig.module("a", new byte[] {1, 2, 3, 4, 5}), Rig.module("b", CPIO));
            assertThat(rig.cpu.rip).isEqualTo(0x20_0000);
            ByteBuffer page = rig.at(rig.cpu.gpr[RSI], 4096);
            byte[] both = rig.memory.read(page.getInt(0x218), page.getInt(0x21c));
            assertThat(both).hasSize(8 + CPIO.length).startsWith(1, 2, 3, 4, 5, 0, 0, 0, '0', '7');
        }
    }
}
