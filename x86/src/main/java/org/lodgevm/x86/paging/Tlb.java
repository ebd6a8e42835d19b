package org.lodgevm.x86.paging;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.lodgevm.machine.HostMemory;

/**
 * Direct-mapped translation look-aside buffers, one for each {@link #regime access regime}. Behind them is a {@link SecondTlb}.
 *
 * <p>They lie off heap, one after the other, where translated code finds them too. An entry is four longs: a tag for reads,
 * one for writes, one for instruction fetches, and what to add to a linear address to get the host's. The first two are the
 * linear page address where that kind of access is allowed to go straight to host memory, else {@link #none}. Whatever needs a check (devices, code pages being written, watchpoints, the first
 * write to a clean page) simply has no tag and takes the slow path.
 *
 * <p>The tag for fetches is another page's than the rest of its entry: pages of code are spread in another way, so that they give way to
 * each other only, and seldom ({@link #fetchEntry}). It names the linear and the physical page, so that whoever holds a translation of
 * code can see with one look whether it is still that code which is there.
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
    private static final int PAGE_1G_BITS = 30;
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
    private final SecondTlb second;
    private final Filled data = new Filled(this::clearData);
    private final Filled code = new Filled(this::clearCode);
    /** Areas of 4 MiB in which a filled entry maps part of a large page: INVLPG there must flush all. */
    private final PageFilter largePages = new PageFilter();
    /** The same of pages, and areas, of 1 GiB. */
    private final PageFilter hugePages = new PageFilter();
    /** Host pages that a write tag may lead to. */
    private final PageFilter written = new PageFilter();

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

    /** Which entries have tags, of data or of code. */
    private static final class Filled {
        private final IntConsumer clear;
        private final boolean[] global = new boolean[REGIMES * ENTRIES];
        private final Log locals = new Log();
        private final Log globals = new Log();

        Filled(IntConsumer clear) {
            this.clear = clear;
        }

        void add(int number, boolean isGlobal) {
            global[number] = isGlobal;
            (isGlobal ? globals : locals).add(number);
        }

        void flush() {
            if (locals.overflowed() || globals.overflowed()) {
                clearAll();
            } else {
                clear(globals);
                clear(locals);
            }
            globals.count = 0;
            locals.count = 0;
        }

        private void clear(Log log) {
            for (int i = 0; i < log.count; i++) {
                clear.accept(log.numbers[i]);
            }
        }

        void clearAll() {
            for (int number = 0; number < global.length; number++) {
                clear.accept(number);
            }
        }

        void flushNonGlobal() {
            int looked = locals.overflowed() ? global.length : locals.count;
            for (int i = 0; i < looked; i++) {
                int number = locals.overflowed() ? i : locals.numbers[i];
                if (!global[number]) {
                    clear.accept(number);
                }
            }
            locals.count = 0;
        }
    }

    /**
     * @param address of {@link #REGIMES} times {@link #REGIME_BYTES} bytes
     * @param second where {@link SecondTlb} is to be
     */
    public Tlb(long address, long second) {
        this.address = address;
        this.second = new SecondTlb(second);
        long[] empty = new long[REGIME_BYTES / Long.BYTES];
        for (int number = 0; number < ENTRIES; number++) {
            int entry = number * (ENTRY_BYTES / Long.BYTES);
            empty[entry + READ / Long.BYTES] = none(number);
            empty[entry + WRITE / Long.BYTES] = none(number);
            empty[entry + FETCH / Long.BYTES] = NO_FETCH;
        }
        for (int regime = 0; regime < REGIMES; regime++) {
            HostMemory.segment(regime(regime), REGIME_BYTES).copyFrom(MemorySegment.ofArray(empty));
        }
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
    public static long none(int number) {
        return (number & ENTRIES - 1 ^ ELSEWHERE) * 0x1000L;
    }

    /** Offset of the entry that has the tag for fetching from an address. */
    public static int fetchEntry(long linear) {
        long rest = linear >>> LINEAR_REST & LINEAR_REST_MASK;
        return entry(linear ^ (rest ^ rest >>> 12) << 12);
    }

    /** What {@link #fetchEntry} has in {@link #FETCH} if code may be fetched there from that physical page. */
    public static long fetchTag(long linear, long physical) {
        return (linear >>> LINEAR_REST & LINEAR_REST_MASK) << PHYSICAL_PAGE_BITS | physical >>> 12;
    }

    /**
     * Whether a page may be fetched from.
     *
     * @param entries of a {@link #regime}
     * @param entry {@link #fetchEntry} of the page
     * @param tag {@link #fetchTag} of the page
     */
    public static boolean fetches(long entries, int entry, long tag) {
        return get64(entries + entry + FETCH) == tag;
    }

    /**
     * Enters a page, or part of one. An access kind that is not allowed has its tag cleared.
     *
     * @param pageBits of addresses in the page
     */
    public void fill(int regime, long linear, long physical, long host, int allowed, boolean isGlobal, int pageBits) {
        int number = regime * ENTRIES + entry(linear) / ENTRY_BYTES;
        long entry = entryOf(number);
        long page = linear & ~0xfffL;
        long none = none(number);
        data.add(number, isGlobal);
        put64(entry + READ, (allowed & PageWalker.READ) != 0 ? page : none);
        put64(entry + WRITE, (allowed & PageWalker.WRITE) != 0 ? page : none);
        if ((allowed & PageWalker.WRITE) != 0) {
            written.add(host >>> PageWalker.PAGE_4K_BITS);
        }
        put64(entry + ADDEND, (host & ~0xfffL) - page);
        second.fill(regime, page, (host & ~0xfffL) - page, allowed, isGlobal);
        if ((allowed & PageWalker.FETCH) != 0) {
            fillCode(regime * ENTRIES + fetchEntry(linear) / ENTRY_BYTES, fetchTag(linear, physical), isGlobal);
        }
        if (pageBits > PageWalker.PAGE_4M_BITS) {
            hugePages.add(linear >>> PAGE_1G_BITS);
        } else if (pageBits > PageWalker.PAGE_4K_BITS) {
            largePages.add(linear >>> PageWalker.PAGE_4M_BITS);
        }
    }

    private void fillCode(int number, long tag, boolean isGlobal) {
        code.add(number, isGlobal);
        put64(entryOf(number) + FETCH, tag);
    }

    private long entryOf(int number) {
        return address + (long) number * ENTRY_BYTES;
    }

    /** Drops everything. */
    public void flush() {
        second.takeRefilled(this::clearData);
        data.flush();
        code.flush();
        second.forget();
        largePages.clear();
        hugePages.clear();
        written.clear();
    }

    /** Drops all but global pages. */
    public void flushNonGlobal() {
        dropLocal();
        second.forgetLocal();
    }

    /** Drops all but global pages of one PCID. */
    public void flush(int pcid) {
        dropLocal();
        second.forget(pcid);
    }

    /** Goes on with a PCID. @param keep whether its pages are still as they were */
    public void enter(int pcid, boolean keep) {
        dropLocal();
        second.enter(pcid, keep);
    }

    private void dropLocal() {
        second.takeRefilled(this::clearData);
        data.flushNonGlobal();
        code.flushNonGlobal();
    }

    /** Drops all that is behind this one only. */
    public void forgetSecond() {
        second.forget();
    }

    /** Drops one page of a PCID that is not the present one. */
    public void flushPage(long linear, int pcid) {
        second.forgetPage(linear, pcid);
    }

    /** Drops one page, global or of the present PCID, in every regime. */
    public void flushPage(long linear) {
        if (largePages.mayHave(linear >>> PageWalker.PAGE_4M_BITS) || hugePages.mayHave(linear >>> PAGE_1G_BITS)) {
            flush();
            return;
        }
        for (int regime = 0; regime < REGIMES; regime++) {
            clearData(regime * ENTRIES + entry(linear) / ENTRY_BYTES);
            clearCode(regime * ENTRIES + fetchEntry(linear) / ENTRY_BYTES);
        }
        second.forgetPage(linear);
    }

    /** Takes the write tag from every entry that leads to one host page, and tells whether there was one. */
    public boolean revokeWrite(long hostPage) {
        boolean found = false;
        if (!written.mayHave(hostPage >>> PageWalker.PAGE_4K_BITS)) {
            return false;
        }
        second.forget();
        for (int number = 0; number < REGIMES * ENTRIES; number++) {
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
        second.forget();
        for (int number = 0; number < REGIMES * ENTRIES; number++) {
            put64(entryOf(number) + WRITE, none(number));
        }
    }

    private void clearData(int number) {
        long entry = entryOf(number);
        long none = none(number);
        put64(entry + READ, none);
        put64(entry + WRITE, none);
    }

    private void clearCode(int number) {
        put64(entryOf(number) + FETCH, NO_FETCH);
    }
}
