package org.lodgevm.vm.boot;

import java.util.ArrayList;
import java.util.List;

/** Divides a guest's RAM among what is loaded into it before it runs. */
final class Placement {
    static final long PAGE = 0x1000;
    /** Real-mode interrupt vectors and BIOS data keep the first page. */
    private static final long FIRST_FREE = PAGE;

    /** Addresses from {@code start} up to, not including, {@code end}. */
    private record Range(long start, long end) {}

    private final long total;
    private final List<Range> free = new ArrayList<>();

    Placement(MemoryMap map) {
        total = map.usable();
        for (MemoryMap.Range range : map.ranges()) {
            if (range.type() == MemoryMap.Type.RAM) {
                free.add(new Range(Math.max(range.start(), FIRST_FREE), range.end()));
            }
        }
    }

    /** Takes exactly these addresses. */
    void claim(long start, long size, String what) {
        if (size == 0) {
            return;
        }
        for (Range range : free) {
            if (start >= range.start && size > 0 && size <= range.end - start) {
                take(range, start, size);
                return;
            }
        }
        throw new BootException("%s needs memory at 0x%x to 0x%x, where this machine (%d MiB) has no free RAM; give it more memory"
                .formatted(what, start, start + size, total >> 20));
    }

    /** Takes the lowest free place between {@code from} and {@code limit}. */
    long lowest(long size, long alignment, long from, long limit, String what) {
        for (Range range : free) {
            long start = alignUp(Math.max(range.start, from), alignment);
            if (size <= Math.min(range.end, limit) - start) {
                return take(range, start, size);
            }
        }
        throw tooLittle("%s from 0x%x on".formatted(kib(size), from), what);
    }

    /** Takes the highest free page-aligned place that ends at or below {@code limit}. */
    long highest(long size, long limit, String what) {
        for (Range range : free.reversed()) {
            long start = highestStart(range, size, limit);
            if (start >= range.start) {
                return take(range, start, size);
            }
        }
        throw tooLittle(kib(size), what);
    }

    /** Whether {@link #highest} would find a place. */
    boolean fitsBelow(long size, long limit) {
        return free.stream().anyMatch(range -> highestStart(range, size, limit) >= range.start);
    }

    private static long highestStart(Range range, long size, long limit) {
        return Math.min(range.end, limit) - size & -PAGE;
    }

    private long take(Range range, long start, long size) {
        int i = free.indexOf(range);
        free.remove(i);
        if (start + size < range.end) {
            free.add(i, new Range(start + size, range.end));
        }
        if (start > range.start) {
            free.add(i, new Range(range.start, start));
        }
        return start;
    }

    private BootException tooLittle(String needed, String what) {
        return new BootException("%s needs %s, which do not fit into this machine's %d MiB beside what is loaded already; give it more memory"
                .formatted(what, needed, total >> 20));
    }

    private static String kib(long size) {
        return "%d KiB".formatted(size + 1023 >> 10);
    }

    static long alignUp(long value, long alignment) {
        return (value + alignment - 1) / alignment * alignment;
    }
}
