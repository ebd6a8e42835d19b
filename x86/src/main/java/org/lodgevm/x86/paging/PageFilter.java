package org.lodgevm.x86.paging;

import java.util.Arrays;

/** Pages, or areas, by number: those that were added are in it, and few others. */
final class PageFilter {
    private static final int LONGS = 1 << 10;
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private final long[] bits = new long[LONGS];
    private boolean empty = true;

    void add(long number) {
        bits[index(number)] |= 1L << spread(number);
        empty = false;
    }

    boolean mayHave(long number) {
        return (bits[index(number)] >>> spread(number) & 1) != 0;
    }

    void clear() {
        if (!empty) {
            Arrays.fill(bits, 0);
            empty = true;
        }
    }

    private static int index(long number) {
        return (int) (spread(number) >>> 6) & LONGS - 1;
    }

    private static long spread(long number) {
        return number * SPREAD >>> 48;
    }
}
