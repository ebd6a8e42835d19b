package org.lodgevm.vm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.OptionalLong;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.VcpuState;

/**
 * Guest memory as a CPU that stands still sees it: by linear addresses, through the guest's page tables. No right is asked for and no
 * accessed or dirty bit set. @sdm 3A:4.3, 3A:4.4, 3A:4.5
 */
final class LinearMemory {
    private static final int EFER = 0xc000_0080;
    private static final long EFER_LMA = 1 << 10;
    private static final long CR0_PG = 1L << 31;
    private static final long CR4_PSE = 1 << 4;
    private static final long CR4_PAE = 1 << 5;
    private static final long CR4_LA57 = 1 << 12;

    private static final int PRESENT = 1;
    private static final int LARGE = 1 << 7;
    private static final long PAGE = 0x1000;
    private static final long ADDRESS = 0xf_ffff_ffff_f000L;
    private static final long ADDRESS_32 = 0xffff_f000L;
    /** Of a 4 MiB page of 32-bit paging: address bits 39:32 are bits 20:13 of its entry. */
    private static final int PSE36_SHIFT = 19;

    private static final long PSE36 = 0xffL << 32;

    private final GuestMemory memory;
    private final VcpuState cpu;
    private final boolean wide;
    private final int levels;

    LinearMemory(GuestMemory memory, VcpuState cpu) {
        this.memory = memory;
        this.cpu = cpu;
        boolean longMode = (cpu.msrs.getOrDefault(EFER, 0L) & EFER_LMA) != 0;
        wide = (cpu.cr4 & CR4_PAE) != 0;
        levels = (cpu.cr0 & CR0_PG) == 0 ? 0 : longMode ? (cpu.cr4 & CR4_LA57) != 0 ? 5 : 4 : wide ? 3 : 2;
    }

    /** Where it leads; empty where nothing is mapped. */
    OptionalLong physical(long linear) {
        if (levels == 0) {
            return OptionalLong.of(linear & 0xffff_ffffL);
        }
        long address = levels > 3 ? linear : linear & 0xffff_ffffL;
        long table = levels == 3 ? cpu.cr3 & 0xffff_ffe0L : cpu.cr3 & (wide ? ADDRESS : ADDRESS_32);
        for (int level = levels; level > 0; level--) {
            int shift = 12 + (wide ? 9 : 10) * (level - 1);
            long index = address >>> shift & (levels == 3 && level == 3 ? 3 : wide ? 511 : 1023);
            long entry = entry(table, index);
            if ((entry & PRESENT) == 0) {
                return OptionalLong.empty();
            }
            boolean large = (entry & LARGE) != 0 && (wide ? level == 2 || level == 3 && levels > 3 : level == 2 && (cpu.cr4 & CR4_PSE) != 0);
            if (large || level == 1) {
                long within = (1L << shift) - 1;
                long high = wide || !large ? 0 : entry << PSE36_SHIFT & PSE36;
                return OptionalLong.of(entry & (wide ? ADDRESS : ADDRESS_32) & ~within | high | address & within);
            }
            table = entry & (wide ? ADDRESS : ADDRESS_32);
        }
        throw new AssertionError("the last level has no tables");
    }

    private long entry(long table, long index) {
        long at = table + index * (wide ? Long.BYTES : Integer.BYTES);
        if (memory.slot(at) == null) {
            return 0;
        }
        return wide ? memory.at(at, Long.BYTES).get(ValueLayout.JAVA_LONG_UNALIGNED, 0)
                : Integer.toUnsignedLong(memory.at(at, Integer.BYTES).get(ValueLayout.JAVA_INT_UNALIGNED, 0));
    }

    /** As many bytes as there is memory for from there on, at most {@code length}. */
    byte[] read(long linear, int length) {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            int part = part(linear + done, length - done);
            MemorySegment place = place(linear + done, part);
            if (place == null) {
                break;
            }
            MemorySegment.copy(place, ValueLayout.JAVA_BYTE, 0, bytes, done, part);
            done += part;
        }
        return Arrays.copyOf(bytes, done);
    }

    /** @return false, with nothing written, if not all of it is memory that can be written to */
    boolean write(long linear, byte[] bytes) {
        for (int done = 0; done < bytes.length; done += part(linear + done, bytes.length - done)) {
            if (place(linear + done, 1) == null || memory.slot(physical(linear + done).orElseThrow()).readOnly()) {
                return false;
            }
        }
        for (int done = 0; done < bytes.length; ) {
            int part = part(linear + done, bytes.length - done);
            memory.write(physical(linear + done).orElseThrow(), Arrays.copyOfRange(bytes, done, done + part));
            done += part;
        }
        return true;
    }

    /** Bytes within one page. */
    private static int part(long linear, int length) {
        return (int) Math.min(length, PAGE - (linear & PAGE - 1));
    }

    /** Null where there is no memory: an address that is not mapped, or a device. */
    private MemorySegment place(long linear, int length) {
        OptionalLong physical = physical(linear);
        return physical.isPresent() && memory.slot(physical.getAsLong()) != null ? memory.at(physical.getAsLong(), length) : null;
    }
}
