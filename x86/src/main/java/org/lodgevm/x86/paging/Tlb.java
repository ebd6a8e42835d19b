package org.lodgevm.x86.paging;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;


/**
 * Direct-mapped translation look-aside buffers, one for each {@link #regime access regime}.
 *
 * <p>They lie off heap, one after the other, where translated code finds them too. An entry is four longs: a tag for reads,
 * one for writes, one for instruction fetches, and what to add to a linear address to get the host's. The first two are the
 * linear page address where that kind of access is allowed to go straight to host memory, else {@link #none}. That for
 * fetches names the linear and the physical page, so that whoever holds a translation of code can see with one look whether
 * it is still that code which is there. Whatever needs a check (devices, code pages being written, watchpoints, the first
 * write to a clean page) simply has no tag and takes the slow path.
 *
 * <p>Entries filled since the last flush are logged, global pages apart from the others, so that a flush costs what was
 * used: a change of CR3 does not even look at the kernel's global pages.
 */
public final class Tlb {
    public static final int ENTRIES = 4096;
    public static final int READ = 0;
    public static final int WRITE = 8;
    public static final int FETCH = 16;
    public static final int ADDEND = 24;
    public static final int ENTRY_BYTES = 32;
    public static final int REGIME_BYTES = ENTRIES * ENTRY_BYTES;
    /** How an address becomes the offset of its entry: shifted right, then masked. */
    public static final int ENTRY_SHIFT = 7;
    public static final int ENTRY_MASK = (ENTRIES - 1) * ENTRY_BYTES;
    private static final long NO_FETCH = -1;
    /** A linear address without what the entry's number tells. */
    private static final int LINEAR_REST = 24;
    private static final long LINEAR_REST_MASK = (1L << PageWalker.LINEAR_BITS - LINEAR_REST) - 1;
    private static final int PHYSICAL_PAGE_BITS = PageWalker.PHYSICAL_BITS - 12;
    /** Of an entry's number, the bit by which the page differs that stands for none in it. */
    private static final int ELSEWHERE = ENTRIES / 2;

    /** User-mode accesses; supervisor accesses; supervisor accesses while SMAP forbids user pages. */
    public static final int USER = 0;
    public static final int SUPERVISOR = 1;
    public static final int SUPERVISOR_NO_USER = 2;
    public static final int REGIMES = 3;

    private final long address;
    private final boolean[] global = new boolean[REGIMES * ENTRIES];
    private final Log locals = new Log();
    private final Log globals = new Log();
    /** Some filled entry maps part of a large page: INVLPG must then flush all. */
    private boolean largePages;

    /** Numbers of entries that were filled. More than fit, and a flush sweeps the whole table. */
    private static final class Log {
        final int[] numbers = new int[2048];
        int count;

        void add(int number) {
            if (count < numbers.length) {
                numbers[count] = number;
            }
            count = Math.min(count + 1, numbers.length + 1);
        }

        boolean overflowed() {
            return count > numbers.length;
        }
    }

    /**
     * @param address of {@link #REGIMES} times {@link #REGIME_BYTES} bytes
     */
    public Tlb(long address) {
        this.address = address;
        clearAll();
    }

    /** The host address of a regime's entries. */
    public long regime(int regime) {
        return address + (long) regime * REGIME_BYTES;
    }

    /** Offset of the entry for an address. */
    public static int entry(long linear) {
        return (int) (linear >>> ENTRY_SHIFT) & ENTRY_MASK;
    }

    /**
     * The tag that no page has which this entry could be chosen for, be it by its own address or by that of an access which
     * ends in the next page.
     *
     * @param number of the entry, over all regimes
     */
    private static long none(int number) {
        return (number & ENTRIES - 1 ^ ELSEWHERE) * 0x1000L;
    }

    /** What the entry for an address has in {@link #FETCH} if code may be fetched there from that physical page. */
    public static long fetchTag(long linear, long physical) {
        return (linear >>> LINEAR_REST & LINEAR_REST_MASK) << PHYSICAL_PAGE_BITS | physical >>> 12;
    }

    /** Enters a page. An access kind that is not allowed has its tag cleared. */
    public void fill(int regime, long linear, long physical, long host, int allowed, boolean isGlobal, boolean large) {
        int number = regime * ENTRIES + entry(linear) / ENTRY_BYTES;
        long entry = entryOf(number);
        long page = linear & ~0xfffL;
        long none = none(number);
        global[number] = isGlobal;
        (isGlobal ? globals : locals).add(number);
        put64(entry + READ, (allowed & PageWalker.READ) != 0 ? page : none);
        put64(entry + WRITE, (allowed & PageWalker.WRITE) != 0 ? page : none);
        put64(entry + FETCH, (allowed & PageWalker.FETCH) != 0 ? fetchTag(linear, physical) : NO_FETCH);
        put64(entry + ADDEND, (host & ~0xfffL) - page);
        largePages |= large;
    }

    private long entryOf(int number) {
        return address + (long) number * ENTRY_BYTES;
    }

    /** Drops everything. */
    public void flush() {
        if (locals.overflowed() || globals.overflowed()) {
            clearAll();
        } else {
            for (int i = 0; i < globals.count; i++) {
                clear(globals.numbers[i]);
            }
            for (int i = 0; i < locals.count; i++) {
                clear(locals.numbers[i]);
            }
        }
        globals.count = 0;
        locals.count = 0;
        largePages = false;
    }

    private void clearAll() {
        for (int number = 0; number < global.length; number++) {
            clear(number);
        }
    }

    /** Drops all but global pages. */
    public void flushNonGlobal() {
        int looked = locals.overflowed() ? global.length : locals.count;
        for (int i = 0; i < looked; i++) {
            int number = locals.overflowed() ? i : locals.numbers[i];
            if (!global[number]) {
                clear(number);
            }
        }
        locals.count = 0;
    }

    /** Drops one page in every regime. */
    public void flushPage(long linear) {
        if (largePages) {
            flush();
            return;
        }
        for (int regime = 0; regime < REGIMES; regime++) {
            clear(regime * ENTRIES + entry(linear) / ENTRY_BYTES);
        }
    }

    /** Takes the write tag from every entry that leads to one host page, and tells whether there was one. */
    public boolean revokeWrite(long hostPage) {
        boolean found = false;
        for (int number = 0; number < global.length; number++) {
            long entry = entryOf(number);
            long tag = get64(entry + WRITE);
            if (tag + get64(entry + ADDEND) == hostPage && tag != none(number)) {
                put64(entry + WRITE, none(number));
                found = true;
            }
        }
        return found;
    }

    /** Takes the write tag from every entry. */
    public void revokeWrites() {
        for (int number = 0; number < global.length; number++) {
            put64(entryOf(number) + WRITE, none(number));
        }
    }

    private void clear(int number) {
        long entry = entryOf(number);
        long none = none(number);
        put64(entry + READ, none);
        put64(entry + WRITE, none);
        put64(entry + FETCH, NO_FETCH);
    }
}
