package org.lodgevm.x86.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads the code section of a 64-bit ELF file. */
final class ElfText {
    private static final int E_SHOFF = 0x28;
    private static final int E_SHENTSIZE = 0x3A;
    private static final int E_SHNUM = 0x3C;
    private static final int E_SHSTRNDX = 0x3E;
    private static final int SH_OFFSET = 0x18;
    private static final int SH_SIZE = 0x20;

    private ElfText() {}

    static byte[] read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) elf.getLong(E_SHOFF);
        int size = elf.getShort(E_SHENTSIZE);
        int names = (int) elf.getLong(headers + size * elf.getShort(E_SHSTRNDX) + SH_OFFSET);
        for (int i = 0; i < elf.getShort(E_SHNUM); i++) {
            int header = headers + size * i;
            int name = names + elf.getInt(header);
            if (new String(bytes, name, 6, StandardCharsets.ISO_8859_1).equals(".text\0")) {
                int offset = (int) elf.getLong(header + SH_OFFSET);
                int length = (int) elf.getLong(header + SH_SIZE);
                return Arrays.copyOfRange(bytes, offset, offset + length);
            }
        }
        throw new IOException(file + " has no section .text");
    }
}
