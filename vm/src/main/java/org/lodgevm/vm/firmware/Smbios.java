package org.lodgevm.vm.firmware;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.Tsc;
import org.lodgevm.vm.boot.MemoryMap;

/** What the machine says about itself by SMBIOS 2.8, as {@code dmidecode} shows it. Source: DMTF DSP0134, chapters 5 and 7. */
final class Smbios {
    static final int ANCHOR_SIZE = 31;

    private static final String MAKER = "Lodge";
    private static final String PRODUCT = "Virtual Machine";
    private static final String PROCESSOR = "Virtual CPU";
    private static final String VERSION = "1";
    private static final String RELEASE_DATE = "01/01/2025";
    private static final int INTERMEDIATE_ANCHOR = 16;

    /** Handles, by which structures refer to each other. */
    private static final int MEMORY_ARRAY = 0x1000;

    private static final int NO_HANDLE = 0xffff;
    private static final int NO_ERROR_INFORMATION = 0xfffe;

    private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
    private int count;
    private int largest;

    /**
     * @param memory bytes of RAM
     * @param signature the CPU's, from CPUID leaf 1: EAX
     */
    Smbios(UUID uuid, int cpus, long memory, int signature) {
        add(firmware());
        add(system(uuid));
        add(chassis());
        add(processor(cpus, signature));
        memory(memory);
        add(new SmbiosStructure(32, 0x2000).u8(0, 0, 0, 0, 0, 0, 0));
        add(new SmbiosStructure(127, 0x7f00));
    }

    /** All structures, one after the other. */
    byte[] tables() {
        return tables.toByteArray();
    }

    /** The entry point that leads to tables at {@code tablesGpa}. */
    byte[] anchor(long tablesGpa) {
        ByteBuffer b = ByteBuffer.allocate(ANCHOR_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        b.put("_SM_".getBytes(US_ASCII)).put((byte) 0).put((byte) ANCHOR_SIZE).put((byte) 2).put((byte) 8).putShort((short) largest);
        b.position(INTERMEDIATE_ANCHOR);
        b.put("_DMI_".getBytes(US_ASCII)).put((byte) 0).putShort((short) tables.size()).putInt((int) tablesGpa);
        b.putShort((short) count).put((byte) 0x28);
        Sums.fix(b.array(), INTERMEDIATE_ANCHOR + 5, INTERMEDIATE_ANCHOR, ANCHOR_SIZE - INTERMEDIATE_ANCHOR);
        Sums.fix(b.array(), 4, 0, ANCHOR_SIZE);
        return b.array();
    }

    private void add(SmbiosStructure structure) {
        byte[] bytes = structure.bytes();
        tables.writeBytes(bytes);
        count++;
        largest = Math.max(largest, bytes.length);
    }

    /** Type 0. Characteristics: none are told; extensions: ACPI, targeted content distribution, virtual machine. */
    private static SmbiosStructure firmware() {
        int notSupported = 1 << 3;
        return new SmbiosStructure(0, 0).text(MAKER, VERSION).u16((int) (MemoryMap.BIOS_AREA >> 4)).text(RELEASE_DATE)
                .u8((int) (MemoryMap.BIOS_AREA_END - MemoryMap.BIOS_AREA >> 16) - 1).u64(notSupported).u8(1, 1 << 2 | 1 << 4)
                .u8(1, 0, 0xff, 0xff);
    }

    /** Type 1; woken by its power switch. */
    private static SmbiosStructure system(UUID uuid) {
        long high = uuid.getMostSignificantBits();
        return new SmbiosStructure(1, 0x100).text(MAKER, PRODUCT, VERSION).u8(0)
                .u32(high >>> 32).u16((int) (high >>> 16), (int) high).u64(Long.reverseBytes(uuid.getLeastSignificantBits()))
                .u8(6, 0, 0);
    }

    /** Type 3, of kind "other"; all states safe, security unknown. */
    private static SmbiosStructure chassis() {
        return new SmbiosStructure(3, 0x300).text(MAKER).u8(1).text(VERSION).u8(0, 0, 3, 3, 3, 2).u32(0).u8(0, 0, 0, 0);
    }

    /** Type 4: one enabled socket with all CPUs as its cores; no cache information; 64-bit capable. */
    private static SmbiosStructure processor(int cpus, int signature) {
        int other = 1;
        int mhz = (int) (Tsc.FREQUENCY / 1_000_000);
        return new SmbiosStructure(4, 0x400).text("CPU 0").u8(3, other).text(MAKER).u32(signature).u32(0).text(PROCESSOR)
                .u8(0).u16(0, mhz, mhz).u8(0x41, other).u16(NO_HANDLE, NO_HANDLE, NO_HANDLE).u8(0, 0, 0).u8(cpus, cpus, cpus)
                .u16(1 << 2, other);
    }

    /** Types 16, 17 and 19: an array with one device, and the addresses it appears at. */
    private void memory(long memory) {
        long kib = memory >> 10;
        long mib = memory >> 20;
        boolean wide = kib >= 1L << 31;
        add(new SmbiosStructure(16, MEMORY_ARRAY).u8(1, 3, 3).u32(wide ? 1L << 31 : kib).u16(NO_ERROR_INFORMATION, 1)
                .u64(wide ? memory : 0));
        int unknown = 0xffff;
        boolean extended = mib >= 0x7fff;
        add(new SmbiosStructure(17, 0x1100).u16(MEMORY_ARRAY, NO_ERROR_INFORMATION, unknown, unknown, extended ? 0x7fff : (int) mib)
                .u8(9, 0).text("DIMM 0").u8(0, 7).u16(2, 0).text(MAKER).u8(0, 0, 0, 0).u32(extended ? mib : 0).u16(0, 0, 0, 0));
        add(mapped(0x1300, 0, MemoryMap.lowRam(memory)));
        if (MemoryMap.highRam(memory) > 0) {
            add(mapped(0x1301, PcLayout.HIGH_RAM, MemoryMap.highRam(memory)));
        }
    }

    private static SmbiosStructure mapped(int handle, long start, long size) {
        return new SmbiosStructure(19, handle).u32(start >> 10).u32((start + size >> 10) - 1).u16(MEMORY_ARRAY).u8(1).u64(0).u64(0);
    }
}
