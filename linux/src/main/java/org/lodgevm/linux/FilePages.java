package org.lodgevm.linux;

import java.io.IOException;
import java.util.BitSet;
import org.lodgevm.machine.PageSet;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.file.HolePuncher;

/** Pages of files, by number. */
final class FilePages {
    /** Does something with pages that lie together. */
    interface Run<E extends Exception> {
        void accept(int first, int end) throws E;
    }

    private FilePages() {}

    /** Those in which there is something, of a part of a file: none that is a hole. */
    static BitSet present(HolePuncher.Sparse file, long offset, long size) throws IOException {
        BitSet found = new BitSet();
        for (long at = 0; at < size;) {
            ByteStore.Run run = file.run(offset + at, size - at);
            if (!run.hole()) {
                found.set((int) (at / PageSet.PAGE), (int) Math.ceilDiv(at + run.length(), PageSet.PAGE));
            }
            at += run.length();
        }
        return found;
    }

    static <E extends Exception> void forEachRun(BitSet pages, Run<E> action) throws E {
        for (int first = pages.nextSetBit(0); first >= 0;) {
            int end = pages.nextClearBit(first);
            action.accept(first, end);
            first = pages.nextSetBit(end);
        }
    }
}
