package org.lodgevm.vm.migration;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.lodgevm.machine.PageSet;

/** What pages were when they were sent last, as far as there is room: of pages that share a place, the one sent last has it. */
final class SentPages implements AutoCloseable {
    private static final long NONE = -1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment contents;
    private final long[] pages;

    /** @param places for so many pages */
    SentPages(int places) {
        contents = arena.allocate((long) places * PageSet.PAGE, PageSet.PAGE);
        pages = new long[places];
        Arrays.fill(pages, NONE);
    }

    private int place(long page) {
        return (int) (page % pages.length);
    }

    /** What was sent of it, or null if that is not known any more. */
    MemorySegment find(long page) {
        return pages[place(page)] == page ? at(place(page)) : null;
    }

    private MemorySegment at(int place) {
        return contents.asSlice((long) place * PageSet.PAGE, PageSet.PAGE);
    }

    /** It is being sent. @param evict whether it takes the place of another one */
    void put(long page, MemorySegment content, boolean evict) {
        if (pages[place(page)] != page && pages[place(page)] != NONE && !evict) {
            return;
        }
        at(place(page)).copyFrom(content);
        pages[place(page)] = page;
    }

    /** It is being sent as zeroes, which is as short as can be. */
    void remove(long page) {
        if (pages[place(page)] == page) {
            pages[place(page)] = NONE;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
