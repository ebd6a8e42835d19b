package org.lodgevm.image.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Kernel modules with nothing in them but what they say about themselves. */
final class TestModule {
    private static final int HEADER = 64;
    private static final int SECTION = 64;

    private TestModule() {}

    /** A 64-bit module that depends on others, separated by commas. */
    static byte[] make(String depends) {
        byte[] names = "\0.modinfo\0.shstrtab\0".getBytes(StandardCharsets.US_ASCII);
        byte[] info = ("license=GPL\0depends=" + depends + "\0name=x\0").getBytes(StandardCharsets.US_ASCII);
        int sections = HEADER + names.length + info.length;
        ByteBuffer elf = ByteBuffer.allocate(sections + 3 * SECTION).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        elf.putLong(0x28, sections);
        elf.putShort(0x3a, (short) SECTION);
        elf.putShort(0x3c, (short) 3);
        elf.putShort(0x3e, (short) 2);
        elf.put(HEADER, names);
        elf.put(HEADER + names.length, info);
        section(elf, sections + SECTION, 1, HEADER + names.length, info.length);
        section(elf, sections + 2 * SECTION, 10, HEADER, names.length);
        return elf.array();
    }

    private static void section(ByteBuffer elf, int at, int name, long offset, long size) {
        elf.putInt(at, name);
        elf.putLong(at + 0x18, offset);
        elf.putLong(at + 0x20, size);
    }
}
