package org.lodgevm.cli.disasm;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.x86.isa.CodeSize;

/**
 * The executable sections of an ELF file for x86. Offsets in the headers are those of the 32-bit and the 64-bit class.
 *
 * @elf System V ABI, chapter 4
 */
final class ElfCode {
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
    private static final int EI_CLASS = 4;
    private static final int ELFCLASS64 = 2;
    private static final int E_MACHINE = 18;
    private static final int EM_X86_64 = 62;
    private static final int SHT_PROGBITS = 1;
    private static final int SHF_EXECINSTR = 4;

    private final ByteBuffer file;
    private final boolean wide;

    private ElfCode(byte[] file) {
        this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        this.wide = file[EI_CLASS] == ELFCLASS64;
    }

    static boolean isElf(byte[] file) {
        return file.length > EI_CLASS && Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** @throws Failure if the file is damaged */
    static CodeSource read(byte[] file) {
        try {
            ElfCode elf = new ElfCode(file);
            CodeSize size = elf.half(E_MACHINE) == EM_X86_64 ? CodeSize.BITS_64 : CodeSize.BITS_32;
            return new CodeSource(elf.regions(), size);
        } catch (IndexOutOfBoundsException | BufferUnderflowException | NegativeArraySizeException e) {
            throw new Failure(ExitStatus.NO_INPUT, "the ELF file's section headers point outside of it; it is damaged or cut off", e);
        }
    }

    private List<CodeRegion> regions() {
        int headers = offset(wide ? 0x28 : 0x20); // e_shoff
        int headerSize = half(wide ? 0x3a : 0x2e); // e_shentsize
        int count = headers == 0 ? 0 : half(wide ? 0x3c : 0x30); // e_shnum
        int names = headers + headerSize * half(wide ? 0x3e : 0x32); // e_shstrndx
        List<CodeRegion> regions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int header = headers + headerSize * i;
            boolean code = file.getInt(header + 4) == SHT_PROGBITS && (word(header + 8) & SHF_EXECINSTR) != 0;
            if (code) {
                regions.add(new CodeRegion(
                        name(contentOffset(names) + file.getInt(header)),
                        word(header + (wide ? 0x10 : 0x0c)), // sh_addr
                        bytes(contentOffset(header), offset(header + (wide ? 0x20 : 0x14))))); // sh_size
            }
        }
        return regions;
    }

    /** sh_offset */
    private int contentOffset(int header) {
        return offset(header + (wide ? 0x18 : 0x10));
    }

    private String name(int at) {
        int end = at;
        while (file.get(end) != 0) {
            end++;
        }
        return new String(bytes(at, end - at), StandardCharsets.UTF_8);
    }

    private byte[] bytes(int at, int length) {
        if (length > file.capacity() - at) {
            throw new IndexOutOfBoundsException(at);
        }
        byte[] bytes = new byte[length];
        file.get(at, bytes);
        return bytes;
    }

    /** A word of the file's class. */
    private long word(int at) {
        return wide ? file.getLong(at) : Integer.toUnsignedLong(file.getInt(at));
    }

    private int offset(int at) {
        long value = word(at);
        if (value < 0 || value > file.capacity()) {
            throw new IndexOutOfBoundsException(at);
        }
        return (int) value;
    }

    private int half(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }
}
