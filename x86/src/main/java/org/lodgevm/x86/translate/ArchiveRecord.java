package org.lodgevm.x86.translate;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;

/**
 * A translation as an archive keeps it, at an address of the host. All numbers are little-endian.
 *
 * <pre>
 *  0 unit of the next record in its chain, 0 for none (4)    4 CRC-32 of all that follows, in a file (4)
 *  8 linear address of the page (8)                         16 context (4)              20 bytes of the record (4)
 * 24 hash (4)                                               28 entry's offset in the page (2)
 * 30 1 if it is of use only where the page is mapped at the same address (2)
 * 32 runs of guest code (2)                                 34 fields that lead to the gate (2)
 * 36 numbers of instructions (2)                            38 fields that depend on guest addresses (2)
 * 40 bytes of guest code (4)                               44 bytes of host code (4)
 * 48 the runs, each offset in the page (2) and length (2); offsets in the host code of the fields that lead to the gate (2 each) and
 *    of the numbers (2 each); the fields that depend on guest addresses, as {@link Relocations} has them (8 each); guest code; host code
 * </pre>
 */
final class ArchiveRecord {
    static final int NEXT = 0;
    static final int CRC = 4;
    static final int PAGE = 8;
    static final int CONTEXT = 16;
    static final int SIZE = 20;
    static final int HASH = 24;
    static final int ENTRY = 28;
    static final int FIXED = 30;
    static final int RUN_COUNT = 32;
    static final int GATE_COUNT = 34;
    static final int NUMBER_COUNT = 36;
    static final int ADDRESS_COUNT = 38;
    static final int GUEST_BYTES = 40;
    static final int HOST_BYTES = 44;
    static final int RUNS = 48;
    static final int OFFSET_BYTES = 2;
    static final int ADDRESS_BYTES = 8;

    private static final int PAGE_BYTES = 0x1000;
    /** Pages nearer to an end of the canonical addresses are not moved: direct jumps might lead beyond. */
    private static final long REACH = 1L << 32;

    private ArchiveRecord() {}

    /**
     * What a translation is looked for by.
     *
     * @param offset of its entry in the page
     * @param code the first bytes there, eight or as many as the page has
     */
    static int hash(int offset, int context, long code) {
        long mixed = (code ^ offset) * 0x9e37_79b9_7f4a_7c15L;
        return (int) ((mixed ^ mixed >>> 32 ^ context) * 0xff51_afd7_ed55_8ccdL >>> 32);
    }

    /** The first bytes of code in the page at a host address. */
    static long code(long page, int offset) {
        int from = firstOf(offset);
        return get64(page + from) >>> 8 * (offset - from);
    }

    /** From where on eight bytes are in the page. */
    static int firstOf(int offset) {
        return Math.min(offset, PAGE_BYTES - Long.BYTES);
    }

    /**
     * Whether it is of use there.
     *
     * @param page host address of the guest's page
     */
    static boolean suits(long record, long rip, int context, long page) {
        return get16(record + ENTRY) == (rip & PAGE_BYTES - 1) && get32(record + CONTEXT) == context
                && isMadeFrom(record, page) && mayBeAt(record, rip & -PAGE_BYTES);
    }

    private static boolean isMadeFrom(long record, long page) {
        long guest = guest(record);
        for (long run = record + RUNS, end = gates(record); run < end; run += 4) {
            int length = get16(run + 2);
            if (!isSame(page + (get16(run) & PAGE_BYTES - 1), guest, length)) {
                return false;
            }
            guest += length;
        }
        return true;
    }

    /** Whether two were made from the same bytes at the same place. */
    static boolean isSame(long record, long other) {
        return get64(record + PAGE) == get64(other + PAGE) && get16(record + ENTRY) == get16(other + ENTRY)
                && get32(record + CONTEXT) == get32(other + CONTEXT)
                && get16(record + RUN_COUNT) == get16(other + RUN_COUNT) && get32(record + GUEST_BYTES) == get32(other + GUEST_BYTES)
                && isSame(record + RUNS, other + RUNS, 4 * get16(record + RUN_COUNT))
                && isSame(guest(record), guest(other), get32(record + GUEST_BYTES));
    }

    private static boolean isSame(long one, long other, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (get64(one + i) != get64(other + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (get8(one + i) != get8(other + i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayBeAt(long record, long page) {
        if (get64(record + PAGE) == page) {
            return true;
        }
        if (get16(record + FIXED) != 0 || !Step.isCanonical(page - REACH) || !Step.isCanonical(page + REACH)) {
            return false;
        }
        for (long at = addresses(record), end = guest(record); at < end; at += ADDRESS_BYTES) {
            if (!Relocations.fits(get32(at), get32(at + 4), page)) {
                return false;
            }
        }
        return true;
    }

    /** Tells the source what it was made from. */
    static void use(long record, long rip, Source source) {
        long page = rip & -PAGE_BYTES;
        for (long run = record + RUNS, end = gates(record); run < end; run += 4) {
            source.use(page + get16(run), get16(run + 2));
        }
    }

    static long page(long record) {
        return get64(record + PAGE);
    }

    /** Where the offsets are of fields that lead to the gate; they end where {@link #numbers} are. */
    static long gates(long record) {
        return record + RUNS + 4L * get16(record + RUN_COUNT);
    }

    /** Where the offsets are of numbers of instructions; they end where {@link #addresses} are. */
    static long numbers(long record) {
        return gates(record) + (long) OFFSET_BYTES * get16(record + GATE_COUNT);
    }

    /** Where the fields are told that depend on guest addresses; they end where {@link #guest} code is. */
    static long addresses(long record) {
        return numbers(record) + (long) OFFSET_BYTES * get16(record + NUMBER_COUNT);
    }

    static long guest(long record) {
        return addresses(record) + (long) ADDRESS_BYTES * get16(record + ADDRESS_COUNT);
    }

    static long host(long record) {
        return guest(record) + get32(record + GUEST_BYTES);
    }

    static int hostBytes(long record) {
        return get32(record + HOST_BYTES);
    }
}
