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
 * <p>Entries filled since the last flush are logged, so that a flush costs what was used.
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

    /** More fills than this and a flush sweeps the whole table. */
    private static final int LOG = 512;

    private final long[][] regimes = new long[REGIMES][ENTRIES * ENTRY_LONGS];
    private final int[] filled = new int[LOG];
    private final boolean[] global = new boolean[REGIMES * ENTRIES];
    private int fills = LOG + 1;
    /** Some filled entry maps part of a large page: INVLPG must then flush all. */
    private boolean largePages;

    public Tlb() {
        flush();
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
        if (fills < LOG) {
            filled[fills] = number;
        }
        fills++;
        global[number] = isGlobal;
        t[entry + READ] = (allowed & PageWalker.READ) != 0 ? page : NONE;
        t[entry + WRITE] = (allowed & PageWalker.WRITE) != 0 ? page : NONE;
        t[entry + FETCH] = (allowed & PageWalker.FETCH) != 0 ? page : NONE;
        t[entry + ADDEND] = (host & ~0xfffL) - page;
        largePages |= large;
    }

    /** Drops everything. */
    public void flush() {
        if (fills > LOG) {
            for (long[] t : regimes) {
                Arrays.fill(t, NONE);
            }
        } else {
            for (int i = 0; i < fills; i++) {
                clear(filled[i]);
            }
        }
        fills = 0;
        largePages = false;
    }

    /** Drops all but global pages. */
    public void flushNonGlobal() {
        if (fills > LOG) {
            sweepNonGlobal();
            return;
        }
        int kept = 0;
        for (int i = 0; i < fills; i++) {
            if (global[filled[i]]) {
                filled[kept++] = filled[i];
            } else {
                clear(filled[i]);
            }
        }
        fills = kept;
    }

    /** After an overflow of the log: goes through the whole table, and starts the log anew if what is left fits. */
    private void sweepNonGlobal() {
        int kept = 0;
        for (int number = 0; number < global.length; number++) {
            if (!global[number]) {
                clear(number);
            } else if (used(number)) {
                if (kept < LOG) {
                    filled[kept] = number;
                }
                kept++;
            }
        }
        fills = kept < LOG ? kept : LOG + 1;
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

    private boolean used(int number) {
        long[] t = regimes[number / ENTRIES];
        int e = number % ENTRIES * ENTRY_LONGS;
        return t[e + READ] != NONE || t[e + WRITE] != NONE || t[e + FETCH] != NONE;
    }

    private void clear(int number) {
        long[] t = regimes[number / ENTRIES];
        int e = number % ENTRIES * ENTRY_LONGS;
        t[e + READ] = NONE;
        t[e + WRITE] = NONE;
        t[e + FETCH] = NONE;
    }
}
