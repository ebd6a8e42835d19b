package org.lodgevm.x86.interpret;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lodgevm.machine.HostMemory;

/** Copies of the guest's pages, which a trial reads and writes instead of these; and what they were before. */
final class ShadowPages {
    private static final int PAGE = 0x1000;
    private static final int MOST = 64;

    private final MemorySegment copies;
    private final MemorySegment originals;
    /** Host addresses of the guest's own pages. */
    private final long[] real = new long[MOST];
    private int count;
    private boolean disturbed;

    ShadowPages(Arena arena) {
        copies = arena.allocate((long) MOST * PAGE, PAGE);
        originals = arena.allocate((long) MOST * PAGE, PAGE);
    }

    void clear() {
        count = 0;
    }

    /** Where the copy of a page is; 0 if there are too many already. */
    long copyOf(long hostPage) {
        for (int i = 0; i < count; i++) {
            if (real[i] == hostPage) {
                return copy(i).address();
            }
        }
        if (count == MOST) {
            return 0;
        }
        real[count] = hostPage;
        MemorySegment.copy(HostMemory.segment(hostPage, PAGE), 0, copies, (long) count * PAGE, PAGE);
        MemorySegment.copy(copies, (long) count * PAGE, originals, (long) count * PAGE, PAGE);
        return copy(count++).address();
    }

    private MemorySegment copy(int i) {
        return copies.asSlice((long) i * PAGE, PAGE);
    }

    /**
     * Compares what the trial wrote with what is now in the guest's pages; the host address of the first byte that is another, or 0.
     * Then {@link #disturbed} tells whether there are changes that the trial has not made: by a device, for instance.
     */
    long difference() {
        disturbed = false;
        for (int i = 0; i < count; i++) {
            MemorySegment now = HostMemory.segment(real[i], PAGE);
            if (copy(i).mismatch(now) >= 0) {
                int offset = difference(i, now);
                if (offset >= 0) {
                    return real[i] + offset;
                }
            }
        }
        return 0;
    }

    private int difference(int i, MemorySegment now) {
        for (int offset = 0; offset < PAGE; offset++) {
            byte written = copies.get(ValueLayout.JAVA_BYTE, (long) i * PAGE + offset);
            byte is = now.get(ValueLayout.JAVA_BYTE, offset);
            if (written != is) {
                if (written != originals.get(ValueLayout.JAVA_BYTE, (long) i * PAGE + offset)) {
                    return offset;
                }
                disturbed = true;
            }
        }
        return -1;
    }

    boolean disturbed() {
        return disturbed;
    }
}
