package org.lodgevm.vm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Four-level page tables that map the first 4 GiB to themselves with pages of 2 MiB. @sdm 4.5.4 */
final class IdentityPaging {
    private static final int ENTRIES = 512;
    private static final int DIRECTORIES = 4;
    private static final long PRESENT_WRITABLE = 3;
    private static final long PAGE_SIZE_BIT = 1 << 7;
    private static final long LARGE_PAGE = 2 << 20;

    /** Bytes of all tables. */
    static final int SIZE = (2 + DIRECTORIES) * (int) Placement.PAGE;

    private IdentityPaging() {}

    /** The tables as they look at {@code gpa}, where CR3 is to point. */
    static byte[] tables(long gpa) {
        ByteBuffer tables = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        long pointersGpa = gpa + Placement.PAGE;
        tables.putLong(0, pointersGpa | PRESENT_WRITABLE);
        for (int i = 0; i < DIRECTORIES; i++) {
            long directoryGpa = pointersGpa + (1 + i) * Placement.PAGE;
            tables.putLong((int) Placement.PAGE + 8 * i, directoryGpa | PRESENT_WRITABLE);
        }
        tables.position(2 * (int) Placement.PAGE);
        for (int i = 0; i < DIRECTORIES * ENTRIES; i++) {
            tables.putLong(i * LARGE_PAGE | PAGE_SIZE_BIT | PRESENT_WRITABLE);
        }
        return tables.array();
    }
}
