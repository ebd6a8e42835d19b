package org.lodgevm.vm.firmware;

import org.lodgevm.devices.chipset.timer.Rtc;
import org.lodgevm.vm.boot.MemoryMap;

/**
 * What the battery-backed RAM of the clock says about memory and CPUs. Sources: IBM PC/AT Technical Reference, "CMOS RAM address map";
 * SeaBIOS, {@code src/hw/rtc.h}, for what QEMU added.
 */
final class Cmos {
    private static final int EQUIPMENT = 0x14;
    private static final int BASE_MEMORY_KIB = 0x15;
    private static final int EXTENDED_MEMORY_KIB = 0x17;
    private static final int EXTENDED_MEMORY_KIB_COPY = 0x30;
    /** RAM above 16 MiB, in units of 64 KiB. */
    private static final int MEMORY_ABOVE_16M = 0x34;

    /** RAM above 4 GiB, in units of 64 KiB, three bytes. */
    private static final int MEMORY_ABOVE_4G = 0x5b;

    private static final int CPUS_LESS_ONE = 0x5f;

    private static final int COPROCESSOR = 1 << 1;
    private static final int BASE_KIB = 640;

    private Cmos() {}

    static void fill(Rtc rtc, int cpus, long memory) {
        long low = MemoryMap.lowRam(memory);
        long extendedKib = Math.min(low - MemoryMap.BIOS_AREA_END >> 10, 0xffff);
        rtc.cmos(EQUIPMENT, COPROCESSOR);
        put(rtc, BASE_MEMORY_KIB, BASE_KIB, 2);
        put(rtc, EXTENDED_MEMORY_KIB, extendedKib, 2);
        put(rtc, EXTENDED_MEMORY_KIB_COPY, extendedKib, 2);
        put(rtc, MEMORY_ABOVE_16M, Math.max(0, low - (16 << 20)) >> 16, 2);
        put(rtc, MEMORY_ABOVE_4G, MemoryMap.highRam(memory) >> 16, 3);
        rtc.cmos(CPUS_LESS_ONE, cpus - 1);
    }

    private static void put(Rtc rtc, int index, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            rtc.cmos(index + i, (int) (value >>> 8 * i) & 0xff);
        }
    }
}
