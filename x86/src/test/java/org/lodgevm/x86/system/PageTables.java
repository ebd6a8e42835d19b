package org.lodgevm.x86.system;

import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;

/** A guest's paging structures. Level 1 is the page table. @sdm 3A:4.3 to 4.5 */
final class PageTables {
    static final long PRESENT = 1;
    static final long WRITABLE = 1 << 1;
    static final long USER = 1 << 2;
    static final long ACCESSED = 1 << 5;
    static final long DIRTY = 1 << 6;
    static final long LARGE = 1 << 7;
    static final long GLOBAL = 1 << 8;
    static final long NO_EXECUTE = 1L << 63;

    static final int PAGE = 4096;

    private final GuestMemory memory;
    private final Mode mode;
    private final int indexBits;
    final long root;
    private long nextTable;

    PageTables(GuestMemory memory, Mode mode, long root) {
        this.memory = memory;
        this.mode = mode;
        this.root = root;
        indexBits = mode.entryBytes == 8 ? 9 : 10;
        nextTable = root + PAGE;
    }

    /** Maps pages of 4 KiB, with {@code flags} in the last level and all rights above. */
    void map(long va, long gpa, long bytes, long flags) {
        for (long offset = 0; offset < bytes; offset += PAGE) {
            mapAt(1, va + offset, gpa + offset, flags);
        }
    }

    /** Maps one page by an entry at {@code level}; {@link #LARGE} is set where needed. */
    void mapAt(int level, long va, long gpa, long flags) {
        put(va, level, gpa | flags | PRESENT | (level > 1 ? LARGE : 0));
    }

    /** Writes an entry as it stands; tables above it are made. */
    void put(long va, int level, long entry) {
        write(entryAt(va, level), entry);
    }

    long get(long va, int level) {
        return read(entryAt(va, level));
    }

    /** Whether the entry has all of these bits. */
    boolean has(long va, int level, long bits) {
        return (get(va, level) & bits) == bits;
    }

    void change(long va, int level, long set, long cleared) {
        put(va, level, get(va, level) & ~cleared | set);
    }

    /** Physical address of the entry for a linear address. */
    long entryAt(long va, int level) {
        long table = root;
        for (int l = mode.levels; l > level; l--) {
            long at = slot(table, va, l);
            long entry = read(at);
            if ((entry & PRESENT) == 0) {
                boolean pdpte = mode == Mode.PAE && l == 3;
                entry = nextTable | (pdpte ? PRESENT : PRESENT | WRITABLE | USER);
                nextTable += PAGE;
                write(at, entry);
            }
            table = entry & 0xf_ffff_ffff_f000L;
        }
        return slot(table, va, level);
    }

    private long slot(long table, long va, int level) {
        long index = va >>> 12 + indexBits * (level - 1) & (1L << indexBits) - 1;
        return table + mode.entryBytes * (mode == Mode.PAE && level == 3 ? index & 3 : index);
    }

    private long read(long gpa) {
        long host = memory.slot(gpa).host(gpa);
        return mode.entryBytes == 8 ? HostMemory.get64(host) : HostMemory.get32(host) & 0xffff_ffffL;
    }

    private void write(long gpa, long entry) {
        long host = memory.slot(gpa).host(gpa);
        if (mode.entryBytes == 8) {
            HostMemory.put64(host, entry);
        } else {
            HostMemory.put32(host, (int) entry);
        }
    }
}
