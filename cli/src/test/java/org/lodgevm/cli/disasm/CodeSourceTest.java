package org.lodgevm.cli.disasm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.x86.isa.CodeSize;

class CodeSourceTest {
    private static final byte[] CODE = {0x48, (byte) 0x89, (byte) 0xe5};
    private static final int CODE_AT = 64;
    private static final int NAMES_AT = 72;
    private static final int HEADERS_AT = 128;

    @TempDir
    private Path folder;

    @Test
    void bytesMayBeWrittenInAnyUsualWay() throws IOException {
        for (List<String> words : List.of(List.of("4889e5"), List.of("48", "89", "e5"), List.of("0x48,0x89, 0xE5"))) {
            CodeSource source = CodeSource.of(words, 0x7c00, InputStream.nullInputStream());
            assertThat(source.regions()).singleElement().satisfies(region -> {
                assertThat(region.bytes()).isEqualTo(CODE);
                assertThat(region.address()).isEqualTo(0x7c00);
            });
        }
    }

    @Test
    void aDashIsStandardInput() throws IOException {
        CodeSource source = CodeSource.of(List.of("-"), 0, new ByteArrayInputStream(CODE));
        assertThat(source.regions().getFirst().bytes()).isEqualTo(CODE);
    }

    @Test
    void anElfFileYieldsItsExecutableSections() throws IOException {
        Path file = Files.write(folder.resolve("a.o"), elf());
        CodeSource source = CodeSource.of(List.of(file.toString()), 0, InputStream.nullInputStream());
        assertThat(source.size()).isEqualTo(CodeSize.BITS_64);
        assertThat(source.regions()).singleElement().satisfies(region -> {
            assertThat(region.name()).isEqualTo(".text");
            assertThat(region.address()).isEqualTo(0x401000);
            assertThat(region.bytes()).isEqualTo(CODE);
        });
    }

    @Test
    void whatIsNeitherFileNorHexadecimalIsRefused() {
        assertThatThrownBy(() -> CodeSource.of(List.of("no-such-file"), 0, InputStream.nullInputStream()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'no-such-file' is neither");
    }

    @Test
    void aDamagedElfFileIsRefusedWhateverIsWrong() {
        byte[] whole = elf();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, 5 + random.nextInt(whole.length - 5));
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
            }
            try {
                ElfCode.read(damaged);
            } catch (Failure e) {
                assertThat(e).hasMessageContaining("damaged");
            }
        }
    }

    /** An ELF64 file with a null section, .text and the section names. */
    private static byte[] elf() {
        byte[] names = "\0.text\0.shstrtab\0".getBytes(US_ASCII);
        ByteBuffer elf = ByteBuffer.allocate(HEADERS_AT + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).putShort(18, (short) 62);
        elf.putLong(0x28, HEADERS_AT).putShort(0x3a, (short) 64).putShort(0x3c, (short) 3).putShort(0x3e, (short) 2);
        elf.put(CODE_AT, CODE).put(NAMES_AT, names);
        section(elf, 1, 1, 1, 4, 0x401000, CODE_AT, CODE.length);
        section(elf, 2, 7, 3, 0, 0, NAMES_AT, names.length);
        return elf.array();
    }

    private static void section(
            ByteBuffer elf, int index, int name, int type, long flags, long address, long offset, long size) {
        int at = HEADERS_AT + index * 64;
        elf.putInt(at, name).putInt(at + 4, type).putLong(at + 8, flags).putLong(at + 16, address);
        elf.putLong(at + 24, offset).putLong(at + 32, size);
    }
}
