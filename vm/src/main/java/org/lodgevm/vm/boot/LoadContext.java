package org.lodgevm.vm.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.lodgevm.machine.GuestMemory;

/** What every loader works with: where to load, what accompanies the kernel, and what the kernel is told about the machine. */
record LoadContext(Boot.Kernel boot, GuestMemory memory, MemoryMap map, long rsdpGpa, Placement placement) {
    /** What 32-bit code and 32-bit fields reach. */
    static final long FOUR_GIB = 1L << 32;

    LoadContext(Boot.Kernel boot, GuestMemory memory, MemoryMap map, long rsdpGpa) {
        this(boot, memory, map, rsdpGpa, new Placement(map));
    }

    List<BootModule> modules() {
        return boot.modules();
    }

    /** The kernel's command line, zero-terminated. */
    byte[] commandLine() {
        return terminated(boot.commandLine());
    }

    static byte[] terminated(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** Puts bytes in the lowest free place. */
    long store(byte[] bytes, long alignment, String what) {
        long gpa = placement.lowest(bytes.length, alignment, 0, FOUR_GIB, what);
        memory.write(gpa, bytes);
        return gpa;
    }

    /** A place for the GDT, which the entry fills. */
    long placeGdt() {
        return placement.lowest(FlatSegments.GDT_SIZE, 8, 0, FOUR_GIB, "the descriptor table");
    }
}
