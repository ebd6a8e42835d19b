package org.lodgevm.vm.firmware;

import java.util.Map;
import java.util.TreeMap;
import org.lodgevm.devices.chipset.PcLayout;

/**
 * Memory types as firmware sets them, the same on every CPU: write-back, but uncached where video memory and PCI devices are.
 *
 * @sdm 12.11.2
 */
final class Mtrrs {
    private static final int IA32_MTRR_PHYSBASE0 = 0x200;
    private static final int IA32_MTRR_FIX64K_00000 = 0x250;
    private static final int IA32_MTRR_FIX16K_80000 = 0x258;
    private static final int IA32_MTRR_FIX4K_C0000 = 0x268;
    private static final int FIX4K_COUNT = 8;
    private static final int IA32_MTRR_DEF_TYPE = 0x2ff;

    private static final long UNCACHEABLE = 0;
    private static final long WRITE_BACK = 6;
    private static final long EVERY_RANGE = 0x0101_0101_0101_0101L;
    private static final long ENABLE = 1 << 11;
    private static final long FIXED_ENABLE = 1 << 10;
    private static final long VALID = 1 << 11;

    private Mtrrs() {}

    /** Model-specific registers and their values. 0xa0000 to 0xbffff keep their type at power-up, uncacheable. */
    static Map<Integer, Long> values() {
        Map<Integer, Long> msrs = new TreeMap<>();
        msrs.put(IA32_MTRR_FIX64K_00000, WRITE_BACK * EVERY_RANGE);
        msrs.put(IA32_MTRR_FIX16K_80000, WRITE_BACK * EVERY_RANGE);
        for (int i = 0; i < FIX4K_COUNT; i++) {
            msrs.put(IA32_MTRR_FIX4K_C0000 + i, WRITE_BACK * EVERY_RANGE);
        }
        variable(msrs, 0, PcLayout.ECAM, PcLayout.ECAM_SIZE);
        variable(msrs, 1, PcLayout.PCI_WINDOW_32, PcLayout.ROM_END - PcLayout.PCI_WINDOW_32);
        msrs.put(IA32_MTRR_DEF_TYPE, ENABLE | FIXED_ENABLE | WRITE_BACK);
        return msrs;
    }

    /** Makes a range uncacheable, whose size is a power of two. */
    private static void variable(Map<Integer, Long> msrs, int index, long start, long size) {
        long mask = (1L << PcLayout.PHYSICAL_ADDRESS_BITS) - size;
        msrs.put(IA32_MTRR_PHYSBASE0 + 2 * index, start | UNCACHEABLE);
        msrs.put(IA32_MTRR_PHYSBASE0 + 2 * index + 1, mask | VALID);
    }
}
