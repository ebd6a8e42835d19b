package org.lodgevm.x86.translate;

import java.util.function.LongPredicate;
import org.lodgevm.machine.HostMemory;

/** {@link ArchiveRecord}s in chains: those that may suit the same place are in the same chain. They are named by units, 0 being none. */
abstract class Records {
    /** Records of a chain that are looked at, so that neither a damaged file nor a guest can make looking take long. */
    private static final int MOST_LOOKED_AT = 64;
    private static final int PAGE_MASK = 0xfff;

    /** The first of a chain. */
    abstract int head(int hash);

    /** The address of a record, or 0 if it is damaged. */
    abstract long record(int unit);

    /**
     * The address of the record of a translation that begins there, made from what the page holds now; 0 if there is none.
     *
     * @param page host address of the guest's page
     */
    final long find(long rip, int context, long page) {
        int offset = (int) rip & PAGE_MASK;
        int hash = ArchiveRecord.hash(offset, context, ArchiveRecord.code(page, offset));
        return first(hash, record -> ArchiveRecord.suits(record, rip, context, page));
    }

    /** Whether there is one already that was made from the same. */
    final boolean has(long one) {
        return first(HostMemory.get32(one + ArchiveRecord.HASH), record -> ArchiveRecord.isSame(record, one)) != 0;
    }

    private long first(int hash, LongPredicate wanted) {
        int unit = head(hash);
        for (int looked = 0; unit != 0 && looked < MOST_LOOKED_AT; looked++) {
            long record = record(unit);
            if (record == 0 || HostMemory.get32(record + ArchiveRecord.HASH) == hash && wanted.test(record)) {
                return record;
            }
            unit = HostMemory.get32(record + ArchiveRecord.NEXT);
        }
        return 0;
    }
}
