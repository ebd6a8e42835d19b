package org.lodgevm.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfWriterTest {
    private static final long BASE = 0x400000;
    private static final int SYS_EXIT = 60;

    @Test
    void linuxRunsWhatItWrites(@TempDir Path folder) throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "needs Linux on x86-64");
        byte[] code =
                new Assembler(BASE + 0x123)
                        .mov(Gpr.EDI, 42)
                        .mov(Gpr.EAX, SYS_EXIT)
                        .syscall()
                        .toBytes();
        Path program = folder.resolve("program");
        Files.write(
                program,
                ElfWriter.elf64(BASE + 0x123)
                        .load(BASE + 0x123, code, ElfWriter.READ | ElfWriter.EXECUTE)
                        .toBytes());
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThat(new ProcessBuilder(program.toString()).start().waitFor()).isEqualTo(42);
    }

    @Test
    void elf32HeadersHaveTheirPlaces() {
        byte[] file =
                ElfWriter.elf32(0x100000)
                        .load(0x100000, 0x100000, new byte[] {(byte) 0xF4}, 0x2000, ElfWriter.READ)
                        .note("Xen", 18, new byte[] {0, 0, 0x10, 0})
                        .toBytes();
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(elf.getInt(0)).isEqualTo(0x464C457F);
        assertThat(elf.get(4)).as("EI_CLASS").isEqualTo((byte) 1);
        assertThat(elf.getShort(18)).as("e_machine").isEqualTo((short) 3);
        assertThat(elf.getInt(24)).as("e_entry").isEqualTo(0x100000);
        int phoff = elf.getInt(28);
        assertThat(elf.getShort(44)).as("e_phnum").isEqualTo((short) 2);
        assertThat(elf.getInt(phoff)).as("PT_LOAD").isEqualTo(1);
        int offset = elf.getInt(phoff + 4);
        assertThat(offset & 0xFFF).as("offset and address agree within a page").isZero();
        assertThat(file[offset]).isEqualTo((byte) 0xF4);
        assertThat(elf.getInt(phoff + 20)).as("p_memsz").isEqualTo(0x2000);
        assertThat(elf.getInt(phoff + 32)).as("PT_NOTE").isEqualTo(4);
        int note = elf.getInt(phoff + 32 + 4);
        assertThat(elf.getInt(note + 8)).as("n_type").isEqualTo(18);
        assertThat(elf.getInt(note + 16)).as("entry point").isEqualTo(0x100000);
    }

    @Test
    void segmentSmallerThanItsBytesIsRefused() {
        assertThatThrownBy(() -> ElfWriter.elf64(0).load(0, 0, new byte[2], 1, 0))
                .isInstanceOf(AssemblyException.class);
    }
}
