package org.lodgevm.machine;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/** Some pages of guest memory, by number: their guest-physical address divided by {@link #PAGE}. Any thread may add some at any time. */
public final class PageSet {
    /** Bytes of a page. */
    public static final int PAGE = 4096;

    private static final int WORD_SHIFT = 6;
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[PAGE]);

    private final AtomicLongArray words;

    /** @param pages how many there can be */
    public PageSet(long pages) {
        words = new AtomicLongArray(Math.toIntExact(pages + Long.SIZE - 1 >>> WORD_SHIFT));
    }

    /** Whether there is nothing but zeros in a page of memory. */
    public static boolean isZero(MemorySegment page) {
        return page.mismatch(ZEROS) < 0;
    }

    /** Adds the pages of a range of addresses, all of which there can be. */
    public void add(long gpa, long bytes) {
        long last = (gpa + bytes - 1) / PAGE;
        for (long page = gpa / PAGE; page <= last; page++) {
            int word = (int) (page >>> WORD_SHIFT);
            long bit = 1L << page;
            if ((words.get(word) & bit) == 0) {
                words.getAndUpdate(word, old -> old | bit);
            }
        }
    }

    public void remove(long page) {
        words.getAndUpdate((int) (page >>> WORD_SHIFT), old -> old & ~(1L << page));
    }

    public void addAll(PageSet others) {
        for (int i = 0; i < others.words.length(); i++) {
            long more = others.words.get(i);
            if (more != 0) {
                words.getAndUpdate(i, old -> old | more);
            }
        }
    }

    /** Empties this set. What is added meanwhile is either in the result or still in here. @return what was in it */
    public PageSet take() {
        PageSet taken = new PageSet((long) words.length() << WORD_SHIFT);
        for (int i = 0; i < words.length(); i++) {
            if (words.get(i) != 0) {
                taken.words.set(i, words.getAndSet(i, 0));
            }
        }
        return taken;
    }

    public boolean contains(long page) {
        int word = (int) (page >>> WORD_SHIFT);
        return word < words.length() && (words.get(word) >>> page & 1) != 0;
    }

    public long count() {
        long sum = 0;
        for (int i = 0; i < words.length(); i++) {
            sum += Long.bitCount(words.get(i));
        }
        return sum;
    }

    /** Passes the pages' numbers on, from the lowest one up. */
    public void forEach(LongConsumer each) {
        for (long page = next(0); page >= 0; page = next(page + 1)) {
            each.accept(page);
        }
    }

    /** The first page from a number on; -1 if there is none. */
    public long next(long from) {
        long wanted = -1L << from;
        for (int i = (int) (from >>> WORD_SHIFT); i < words.length(); i++) {
            long left = words.get(i) & wanted;
            if (left != 0) {
                return ((long) i << WORD_SHIFT) + Long.numberOfTrailingZeros(left);
            }
            wanted = -1;
        }
        return -1;
    }
}
