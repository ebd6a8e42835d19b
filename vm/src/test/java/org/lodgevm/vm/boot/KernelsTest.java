package org.lodgevm.vm.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 0707010000, cpio archive", "0, QFI\u00fb, qcow2", "56, ARMd, AArch64", "0, !<arch>, Debian package",
        "0, \u00fd7zXZ, xz", "0, hello world, begins with 68 65 6c 6c 6f 20 77 6f", "0, MZ, EFI application"})
    void whatIsNoKernelIsCalledWhatItIs(int offset, String bytes, String explanation) {
        byte[] file = new byte[1000];
        System.arraycopy(bytes.getBytes(ISO_8859_1), 0, file, offset, bytes.length());
        try (Rig rig = new Rig(16)) {
            assertThatThrownBy(() -> rig.load(file, "")).isInstanceOf(BootException.class)
                    .hasMessageStartingWith("test-kernel is not a kernel: ").hasMessageContaining(explanation);
        }
    }

    @Test
    void anEmptyFileIsNoKernel() {
        try (Rig rig = new Rig(16)) {
            assertThatThrownBy(() -> rig.load(new byte[0], "")).isInstanceOf(BootException.class).hasMessageContaining("it is empty");
        }
    }

    @Test
    void otherProcessorsProgramsAreRefused() {
        byte[] elf = TestImages.elf(true, new byte[8], TestImages.noNote());
        elf[18] = (byte) 183;
        try (Rig rig = new Rig(16)) {
            assertThatThrownBy(() -> rig.load(elf, "")).isInstanceOf(BootException.class)
                    .hasMessage("test-kernel is an ELF file for another processor (e_machine 183); build it for x86");
        }
    }

    @Test
    void aPlain32BitProgramIsRefused() {
        try (Rig rig = new Rig(16)) {
            assertThatThrownBy(() -> rig.load(TestImages.elf(false, new byte[8], TestImages.noNote()), ""))
                    .isInstanceOf(BootException.class).hasMessageContaining("without a PVH note or a multiboot header");
        }
    }

    @Test
    void filesAreReadAnewAtEachBoot() throws IOException {
        Path file = folder.resolve("vmlinuz");
        try (Rig rig = new Rig(64)) {
            Files.write(file, TestImages.bzImage(0x1000, true).array());
            rig.load(BootFile.of(file), "");
            assertThat(rig.cpu.rip).isEqualTo(0x100_0200);
            Files.write(file, TestImages.bzImage(0x1000, true).putLong(0x258, 0x80_0000).array());
            rig.load(BootFile.of(file), "");
            assertThat(rig.cpu.rip).isEqualTo(0x80_0200);
        }
    }

    @Test
    void aMissingFileAndAFolderAreNamed() {
        try (Rig rig = new Rig(16)) {
            assertThatThrownBy(() -> rig.load(BootFile.of(folder.resolve("none")), "")).isInstanceOf(BootException.class)
                    .hasMessageEndingWith("none cannot be read: there is no such file");
            assertThatThrownBy(() -> rig.load(BootFile.of(folder), "")).isInstanceOf(BootException.class)
                    .hasMessageContaining("is not a regular file");
        }
    }

    @Test
    void memoryTooSmallForTheInitialRamDiskIsExplained() {
        try (Rig rig = new Rig(32)) {
            BootModule large = Rig.module("large", Arrays.copyOf(new byte[] {1}, 40 << 20));
            assertThatThrownBy(() -> rig.load(TestImages.bzImage(0x1000, true).array(), "", large)).isInstanceOf(BootException.class)
                    .hasMessageContaining("the initial RAM disk large needs 40960 KiB").hasMessageEndingWith("give it more memory");
        }
    }
}
