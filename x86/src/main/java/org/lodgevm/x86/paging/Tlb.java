package org.lodgevm.x86.paging;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

import org.lodgevm.machine.HostMemory;

/**
 * Direct-mapped translation look-aside buffers in a vCPU's state block, one for each {@link #regime access regime}.
 *
 * <p>An entry is 32 bytes: a tag for reads, one for writes, one for instruction fetches, and what to add to a linear
 * address to get the host's. A tag is the linear page address where that kind of access is allowed to go straight to
 * host memory, else {@link #NONE}. Whatever needs a check (devices, code pages being written, watchpoints, the first
 * write to a clean page) simply has no tag and takes the slow path.
 *
 * <p>Entries filled since the last flush are logged, so that a flush costs what was used.
 */
public final class Tlb {
    public static final int ENTRIES = 4096;
    public static final int ENTRY_BYTES = 32;
    public static final int BYTES = ENTRIES * ENTRY_BYTES;
    public static final int READ = 0;
    public static final int WRITE = 8;
    public static final int FETCH = 16;
    public static final int ADDEND = 24;
    /** A tag no linear page has. */
    public static final long NONE = -1;

    /** User-mode accesses; supervisor accesses; supervisor accesses while SMAP forbids user pages. */
    public static final int USER = 0;
    public static final int SUPERVISOR = 1;
    public static final int SUPERVISOR_NO_USER = 2;
    public static final int REGIMES = 3;

    /** More fills than this and a flush sweeps the whole table. */
    private static final int LOG = 512;

    private final long base;
    private final int[] filled = new int[LOG];
    private final boolean[] global = new boolean[REGIMES * ENTRIES];
    private int fills;
    /** Some filled entry maps part of a large page: INVLPG must then flush all. */
    private boolean largePages;

    /** @param base host address of {@link #REGIMES} × {@link #BYTES} bytes */
    public Tlb(long base) {
        this.base = base;
        fills = LOG + 1;
        flush();
    }

    public long regime(int regime) {
        return base + (long) regime * BYTES;
    }

    public static long entry(long regimeBase, long linear) {
        return regimeBase + ((linear >>> 12 & ENTRIES - 1) << 5);
    }

    /** Enters a page. An access kind that is not allowed has its tag cleared. */
    void fill(int regime, long linear, long host, int allowed, boolean isGlobal, boolean large) {
        long entry = entry(regime(regime), linear);
        long page = linear & ~0xfffL;
        int index = (int) (entry - base) / ENTRY_BYTES;
        if (fills < LOG) {
            filled[fills] = index;
        }
        fills++;
        global[index] = isGlobal;
        put64(entry + READ, (allowed & PageWalker.READ) != 0 ? page : NONE);
        put64(entry + WRITE, (allowed & PageWalker.WRITE) != 0 ? page : NONE);
        put64(entry + FETCH, (allowed & PageWalker.FETCH) != 0 ? page : NONE);
        put64(entry + ADDEND, (host & ~0xfffL) - page);
        largePages |= large;
    }

    /** Drops everything. */
    public void flush() {
        if (fills > LOG) {
            HostMemory.fill(base, (long) REGIMES * BYTES, 0xff);
        } else {
            for (int i = 0; i < fills; i++) {
                clear(base + (long) filled[i] * ENTRY_BYTES);
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
                clear(base + (long) filled[i] * ENTRY_BYTES);
            }
        }
        fills = kept;
    }

    /** After an overflow of the log: goes through the whole table, and starts the log anew if what is left fits. */
    private void sweepNonGlobal() {
        int kept = 0;
        for (int index = 0; index < global.length; index++) {
            long entry = base + (long) index * ENTRY_BYTES;
            if (!global[index]) {
                clear(entry);
            } else if (get64(entry + READ) != NONE || get64(entry + WRITE) != NONE || get64(entry + FETCH) != NONE) {
                if (kept < LOG) {
                    filled[kept] = index;
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
            clear(entry(regime(regime), linear));
        }
    }

    /** Takes the write tag from every entry that leads to one host page, and tells whether there was one. */
    public boolean revokeWrite(long hostPage) {
        boolean found = false;
        for (long e = base; e < base + (long) REGIMES * BYTES; e += ENTRY_BYTES) {
            long tag = get64(e + WRITE);
            if (tag != NONE && tag + get64(e + ADDEND) == hostPage) {
                put64(e + WRITE, NONE);
                found = true;
            }
        }
        return found;
    }

    private static void clear(long entry) {
        put64(entry + READ, NONE);
        put64(entry + WRITE, NONE);
        put64(entry + FETCH, NONE);
    }
}
