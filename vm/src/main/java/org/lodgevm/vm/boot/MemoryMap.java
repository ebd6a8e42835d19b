package org.lodgevm.vm.boot;

import java.util.ArrayList;
import java.util.List;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.devices.chipset.firmware.GenerationId;

/** What guests are told about the physical address space, in the terms of the BIOS call E820h. @acpi 15 */
public record MemoryMap(List<Range> ranges) {
    /** Kinds of memory, with the numbers that E820h, multiboot and PVH agree on. */
    public enum Type {
        RAM(1),
        RESERVED(2);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /** Addresses from {@code start} up to, not including, {@code end}. */
    public record Range(long start, long end, Type type) {
        public long size() {
            return end - start;
        }
    }

    /** The extended BIOS data area: the last KiB below the video memory, and what the BIOS data area says about it. */
    public static final long EBDA = 0x9_fc00;

    public static final long VIDEO_MEMORY = 0xa_0000;

    /** The BIOS's place, which holds this machine's tables when it boots without one. */
    public static final long BIOS_AREA = 0xe_0000;

    public static final long BIOS_AREA_END = 0x10_0000;

    private static final long ROOT_COMPLEX_SIZE = 0x4000;

    public MemoryMap {
        ranges = List.copyOf(ranges);
    }

    /** The map of a machine with {@code memory} bytes of RAM. */
    public static MemoryMap of(long memory) {
        long low = lowRam(memory);
        List<Range> ranges = new ArrayList<>();
        ranges.add(new Range(0, EBDA, Type.RAM));
        ranges.add(new Range(EBDA, VIDEO_MEMORY, Type.RESERVED));
        ranges.add(new Range(BIOS_AREA, BIOS_AREA_END, Type.RESERVED));
        ranges.add(new Range(BIOS_AREA_END, low, Type.RAM));
        ranges.add(new Range(PcLayout.ECAM, PcLayout.ECAM + PcLayout.ECAM_SIZE, Type.RESERVED));
        ranges.add(new Range(PcLayout.ROOT_COMPLEX, PcLayout.ROOT_COMPLEX + ROOT_COMPLEX_SIZE, Type.RESERVED));
        ranges.add(new Range(PcLayout.GENERATION_ID, PcLayout.GENERATION_ID + GenerationId.SIZE, Type.RESERVED));
        ranges.add(new Range(PcLayout.HIGH_RAM, PcLayout.HIGH_RAM + highRam(memory), Type.RAM));
        ranges.removeIf(r -> r.size() <= 0);
        return new MemoryMap(ranges);
    }

    /** Bytes of RAM below the devices. */
    public static long lowRam(long memory) {
        return Math.min(memory, PcLayout.LOW_RAM_LIMIT);
    }

    /** Bytes of RAM above 4 GiB. */
    public static long highRam(long memory) {
        return memory - lowRam(memory);
    }

    /** All RAM that guests may use, in bytes. */
    public long usable() {
        return ranges.stream().filter(r -> r.type() == Type.RAM).mapToLong(Range::size).sum();
    }
}
