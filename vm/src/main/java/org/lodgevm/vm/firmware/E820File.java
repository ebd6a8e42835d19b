package org.lodgevm.vm.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.vm.boot.MemoryMap;

/**
 * QEMU's file {@code etc/e820}: RAM as it is, before the firmware divides it. Source: QEMU, docs/specs/fw_cfg and
 * {@code hw/i386/e820_memory_layout.h}.
 */
final class E820File {
    private static final int ENTRY_SIZE = 20;

    private E820File() {}

    static byte[] bytes(long memory) {
        ByteBuffer file = ByteBuffer.allocate(2 * ENTRY_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        put(file, 0, MemoryMap.lowRam(memory));
        if (MemoryMap.highRam(memory) > 0) {
            put(file, PcLayout.HIGH_RAM, MemoryMap.highRam(memory));
        }
        return Arrays.copyOf(file.array(), file.position());
    }

    private static void put(ByteBuffer file, long start, long size) {
        file.putLong(start).putLong(size).putInt(MemoryMap.Type.RAM.number());
    }
}
