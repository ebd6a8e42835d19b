package org.lodgevm.image.guest;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.image.deb.MalformedPackageException;

/**
 * What a kernel module says about itself: strings in the ELF section {@code .modinfo}.
 *
 * @elf System V ABI, "Sections"
 */
final class ModuleInfo {
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
    private static final int CLASS = 4;
    private static final byte CLASS_64 = 2;
    private static final String SECTION = ".modinfo";
    private static final String DEPENDS = "depends=";

    private final ByteBuffer elf;
    private final boolean wide;

    private ModuleInfo(byte[] module) {
        this.elf = ByteBuffer.wrap(module).order(ByteOrder.LITTLE_ENDIAN);
        this.wide = module[CLASS] == CLASS_64;
    }

    /** The modules that must be loaded before this one. */
    static List<String> dependencies(byte[] module) throws IOException {
        try {
            if (!Arrays.equals(MAGIC, 0, MAGIC.length, module, 0, MAGIC.length)) {
                throw new MalformedPackageException("A kernel module is no ELF file");
            }
            for (String line : new ModuleInfo(module).section().split("\0")) {
                if (line.startsWith(DEPENDS) && line.length() > DEPENDS.length()) {
                    return Arrays.stream(line.substring(DEPENDS.length()).split(","))
                            .map(KernelModules::canonical)
                            .toList();
                }
            }
            return List.of();
        } catch (IndexOutOfBoundsException | NegativeArraySizeException | BufferUnderflowException e) {
            throw new MalformedPackageException("A kernel module is cut off", e);
        }
    }

    private String section() {
        int headers = (int) (wide ? elf.getLong(0x28) : elf.getInt(0x20)); // e_shoff
        int headerSize = unsigned(wide ? 0x3a : 0x2e); // e_shentsize
        int count = unsigned(wide ? 0x3c : 0x30); // e_shnum
        int namesIndex = unsigned(wide ? 0x3e : 0x32); // e_shstrndx
        int names = offset(headers + namesIndex * headerSize);
        for (int i = 0; i < count; i++) {
            int header = headers + i * headerSize;
            if (matches(names + elf.getInt(header))) {
                return text(offset(header), size(header));
            }
        }
        return "";
    }

    /** sh_offset */
    private int offset(int header) {
        return (int) (wide ? elf.getLong(header + 0x18) : elf.getInt(header + 0x10));
    }

    /** sh_size */
    private int size(int header) {
        return (int) (wide ? elf.getLong(header + 0x20) : elf.getInt(header + 0x14));
    }

    private int unsigned(int at) {
        return Short.toUnsignedInt(elf.getShort(at));
    }

    private boolean matches(int name) {
        return text(name, SECTION.length() + 1).equals(SECTION + "\0");
    }

    private String text(int from, int length) {
        byte[] bytes = new byte[Math.min(length, elf.capacity() - from)];
        elf.get(from, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
