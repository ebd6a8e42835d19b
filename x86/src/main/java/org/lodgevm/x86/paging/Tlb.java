package org.lodgevm.x86.paging;

import java.util.Arrays;

/**
 * Direct-mapped translation look-aside buffers, one for each {@link #regime access regime}.
 *
 * <p>An entry is four longs: a tag for reads, one for writes, one for instruction fetches, and what to add to a linear
 * address to get the host's. A tag is the linear page address where that kind of access is allowed to go straight to
 * host memory, else {@link #NONE}. Whatever needs a check (devices, code pages being written, watchpoints, the first
 * write to a clean page) simply has no tag and takes the slow path.
 *
 * <p>Entries filled since the last flush are logged, global pages apart from the others, so that a flush costs what was
 * used: a change of CR3 does not even look at the kernel's global pages.
 */
public final class Tlb {
    public static final int ENTRIES = 4096;
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int FETCH = 2;
    public static final int ADDEND = 3;
    private static final int ENTRY_LONGS = 4;
    /** A tag no linear page has. */
    public static final long NONE = -1;

    /** User-mode accesses; supervisor accesses; supervisor accesses while SMAP forbids user pages. */
    public static final int USER = 0;
    public static final int SUPERVISOR = 1;
    public static final int SUPERVISOR_NO_USER = 2;
    public static final int REGIMES = 3;

    private final long[][] regimes = new long[REGIMES][ENTRIES * ENTRY_LONGS];
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

    public Tlb() {
        clearAll();
    }

    public long[] regime(int regime) {
        return regimes[regime];
    }

    /** Index of the entry for an address. */
    public static int entry(long linear) {
        return (int) (linear >>> 10) & (ENTRIES - 1) * ENTRY_LONGS;
    }

    /** Enters a page. An access kind that is not allowed has its tag cleared. */
    void fill(int regime, long linear, long host, int allowed, boolean isGlobal, boolean large) {
        long[] t = regimes[regime];
        int entry = entry(linear);
        long page = linear & ~0xfffL;
        int number = regime * ENTRIES + entry / ENTRY_LONGS;
        global[number] = isGlobal;
        (isGlobal ? globals : locals).add(number);
        t[entry + READ] = (allowed & PageWalker.READ) != 0 ? page : NONE;
        t[entry + WRITE] = (allowed & PageWalker.WRITE) != 0 ? page : NONE;
        t[entry + FETCH] = (allowed & PageWalker.FETCH) != 0 ? page : NONE;
        t[entry + ADDEND] = (host & ~0xfffL) - page;
        largePages |= large;
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
        for (long[] t : regimes) {
            Arrays.fill(t, NONE);
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
            clear(regime * ENTRIES + entry(linear) / ENTRY_LONGS);
        }
    }

    /** Takes the write tag from every entry that leads to one host page, and tells whether there was one. */
    public boolean revokeWrite(long hostPage) {
        boolean found = false;
        for (long[] t : regimes) {
            for (int e = 0; e < t.length; e += ENTRY_LONGS) {
                if (t[e + WRITE] != NONE && t[e + WRITE] + t[e + ADDEND] == hostPage) {
                    t[e + WRITE] = NONE;
                    found = true;
                }
            }
        }
        return found;
    }

    private void clear(int number) {
        long[] t = regimes[number / ENTRIES];
        int e = number % ENTRIES * ENTRY_LONGS;
        t[e + READ] = NONE;
        t[e + WRITE] = NONE;
        t[e + FETCH] = NONE;
    }
}
