package org.lodgevm.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.lodgevm.machine.PageSet;

/** What the kernel tells of a process's pages. Source: Linux's admin-guide/mm/pagemap.rst */
final class PageMap {
    private static final Path FILE = Path.of("/proc/self/pagemap");
    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;
    /** The page is a file's, or shared; without it, it is a private mapping's own copy. */
    private static final long OF_FILE = 1L << 61;

    private static final int ENTRIES_AT_ONCE = 1 << 16;

    private PageMap() {}

    /** Pages of a private mapping that were written to, and hence are no longer the file's. */
    static BitSet copied(long address, long size) throws IOException {
        BitSet found = new BitSet();
        int pages = Math.toIntExact(size / PageSet.PAGE);
        ByteBuffer entries = ByteBuffer.allocate(Long.BYTES * Math.min(pages, ENTRIES_AT_ONCE)).order(ByteOrder.nativeOrder());
        try (FileChannel channel = FileChannel.open(FILE, StandardOpenOption.READ)) {
            for (int page = 0; page < pages; ) {
                entries.clear().limit(Long.BYTES * Math.min(pages - page, ENTRIES_AT_ONCE));
                long at = (address / PageSet.PAGE + page) * Long.BYTES;
                while (entries.hasRemaining()) {
                    if (channel.read(entries, at + entries.position()) <= 0) {
                        throw new IOException(FILE + " ends before the memory of this process");
                    }
                }
                entries.flip();
                while (entries.hasRemaining()) {
                    long entry = entries.getLong();
                    found.set(page++, (entry & (PRESENT | SWAPPED)) != 0 && (entry & OF_FILE) == 0);
                }
            }
        }
        return found;
    }
}
