package org.lodgevm.vm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Linux's {@code struct boot_params}, the "zero page". Source: Linux, Documentation/arch/x86/zero-page.rst and boot.rst.
 */
final class BootParams {
    static final int SIZE = 0x1000;

    private static final int ACPI_RSDP_ADDR = 0x070;
    private static final int EXT_RAMDISK_IMAGE = 0x0c0;
    private static final int EXT_RAMDISK_SIZE = 0x0c4;
    private static final int EXT_CMD_LINE_PTR = 0x0c8;
    private static final int ALT_MEM_K = 0x1e0;
    private static final int E820_ENTRIES = 0x1e8;
    private static final int VID_MODE = 0x1fa;
    private static final int TYPE_OF_LOADER = 0x210;
    private static final int CODE32_START = 0x214;
    private static final int RAMDISK_IMAGE = 0x218;
    private static final int RAMDISK_SIZE = 0x21c;
    private static final int CMD_LINE_PTR = 0x228;
    private static final int E820_TABLE = 0x2d0;
    private static final int E820_ENTRY_SIZE = 20;

    private static final int VID_MODE_NORMAL = 0xffff;
    private static final int LOADER_WITHOUT_ID = 0xff;

    private final ByteBuffer page = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

    /** @param header the kernel's own setup header, or as much of one as a kernel without it needs */
    BootParams(byte[] header) {
        page.put(LinuxHeader.START, header);
        page.putShort(VID_MODE, (short) VID_MODE_NORMAL);
        page.put(TYPE_OF_LOADER, (byte) LOADER_WITHOUT_ID);
    }

    BootParams loadedAt(long kernelGpa) {
        page.putInt(CODE32_START, (int) kernelGpa);
        return this;
    }

    BootParams commandLine(long gpa) {
        return split(gpa, CMD_LINE_PTR, EXT_CMD_LINE_PTR);
    }

    BootParams initrd(long gpa, long size) {
        return split(gpa, RAMDISK_IMAGE, EXT_RAMDISK_IMAGE).split(size, RAMDISK_SIZE, EXT_RAMDISK_SIZE);
    }

    private BootParams split(long value, int low, int high) {
        page.putInt(low, (int) value);
        page.putInt(high, (int) (value >>> 32));
        return this;
    }

    BootParams rsdp(long gpa) {
        page.putLong(ACPI_RSDP_ADDR, gpa);
        return this;
    }

    BootParams memory(MemoryMap map) {
        int offset = E820_TABLE;
        for (MemoryMap.Range range : map.ranges()) {
            page.putLong(offset, range.start()).putLong(offset + 8, range.size()).putInt(offset + 16, range.type().number());
            offset += E820_ENTRY_SIZE;
            if (range.start() == MemoryMap.BIOS_AREA_END) {
                page.putInt(ALT_MEM_K, (int) (range.size() >> 10));
            }
        }
        page.put(E820_ENTRIES, (byte) map.ranges().size());
        return this;
    }

    byte[] bytes() {
        return page.array();
    }
}
