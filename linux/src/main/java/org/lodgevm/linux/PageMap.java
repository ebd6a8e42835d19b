package org.lodgevm.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import org.lodgevm.machine.PageSet;

/** What the kernel tells of this process's pages. Source: Linux's admin-guide/mm/pagemap.rst */
final class PageMap {
    private static final String FILE = "/proc/self/pagemap";
    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;
    /** The page is a file's, or shared; without it, it is a private mapping's own copy. */
    private static final long OF_FILE = 1L << 61;

    private static final int ENTRIES_AT_ONCE = 1 << 16;
    private static final int NONE = -1;

    /** Open as long as the process lives: whoever looks at single pages does so often. */
    private static final class Opened {
        static final int DESCRIPTOR = open();

        private static int open() {
            try {
                return LinuxHoles.CALLS.openFile(FILE, FileCalls.O_RDONLY);
            } catch (IOException e) {
                return NONE; // and reading it fails
            }
        }
    }

    private PageMap() {}

    /** Pages of a private mapping that were written to, and hence are no longer the file's. */
    static BitSet copied(long address, long size) throws IOException {
        BitSet found = new BitSet();
        int pages = Math.toIntExact(size / PageSet.PAGE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = arena.allocate(ValueLayout.JAVA_LONG, Math.min(pages, ENTRIES_AT_ONCE));
            for (int page = 0; page < pages; page += ENTRIES_AT_ONCE) {
                int count = Math.min(pages - page, ENTRIES_AT_ONCE);
                LinuxHoles.CALLS.read(Opened.DESCRIPTOR, entries.asSlice(0, (long) count * Long.BYTES), (address / PageSet.PAGE + page) * Long.BYTES);
                for (int i = 0; i < count; i++) {
                    if (isCopied(entries.getAtIndex(ValueLayout.JAVA_LONG, i))) {
                        found.set(page + i);
                    }
                }
            }
        }
        return found;
    }

    /** How many bytes of a private mapping come before its first page that was written to. */
    static long notCopied(long address, long size) throws IOException {
        int first = copied(address, size).nextSetBit(0);
        return first < 0 ? size : (long) first * PageSet.PAGE;
    }

    private static boolean isCopied(long entry) {
        return (entry & (PRESENT | SWAPPED)) != 0 && (entry & OF_FILE) == 0;
    }
}
