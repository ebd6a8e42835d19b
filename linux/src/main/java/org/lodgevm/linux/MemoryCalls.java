package org.lodgevm.linux;

import java.lang.foreign.Arena;
import org.lodgevm.machine.HostFunction;

/** The C library's functions for anonymous files in memory. Source: memfd_create(2), ftruncate(2), mmap(2), madvise(2), close(2). */
record MemoryCalls(HostFunction memfdCreate, HostFunction ftruncate, HostFunction mmap, HostFunction munmap, HostFunction madvise, HostFunction close) {
    /** A call failed. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String call, int errno) {
            super("%s failed with errno %d".formatted(call, errno));
        }
    }

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_HUGETLB = 4;
    private static final int MFD_HUGE_2MB = 21 << 26;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_NORESERVE = 0x4000;
    /** The guest need not write to all of it: as of a shared file in memory, the host is asked for pages one by one. */
    private static final int PRIVATE = MAP_PRIVATE | MAP_NORESERVE;

    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_REMOVE = 9;

    /** Looks all of them up. @throws RuntimeException when this is not Linux, or its C library lacks one */
    static MemoryCalls link() {
        return new MemoryCalls(
                HostFunction.named("memfd_create"),
                HostFunction.named("ftruncate"),
                HostFunction.named("mmap"),
                HostFunction.named("munmap"),
                HostFunction.named("madvise"),
                HostFunction.named("close"));
    }

    /** A file that exists in memory only. @return its descriptor */
    int createFile(String name, long size) throws Failure {
        return createFile(name, size, MFD_CLOEXEC);
    }

    /** The same on pages of 2 MiB that the host has reserved; they are taken when it is mapped. */
    int createHugePageFile(String name, long size) throws Failure {
        return createFile(name, size, MFD_CLOEXEC | MFD_HUGETLB | MFD_HUGE_2MB);
    }

    private int createFile(String name, long size, int flags) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = memfdCreate.callInt(arena.allocateFrom(name).address(), flags);
            check("memfd_create", descriptor);
            int result = ftruncate.callInt(descriptor, size);
            if (result < 0) {
                closeFile(descriptor);
            }
            check("ftruncate", result);
            return descriptor;
        }
    }

    /** Maps a whole file for reading and writing. @return where */
    long mapFile(int descriptor, long size) throws Failure {
        return map(0, size, MAP_SHARED, descriptor, 0);
    }

    /** Puts a whole file's content where something is mapped already, at once. Writes there do not reach the file. */
    void coverPrivately(long address, int descriptor, long size) throws Failure {
        map(address, size, PRIVATE | MAP_FIXED, descriptor, 0);
    }

    /** Maps a part of a file, which no write there reaches. @return where */
    long mapPrivately(int descriptor, long offset, long size) throws Failure {
        return map(0, size, PRIVATE, descriptor, offset);
    }

    private long map(long place, long size, int flags, int descriptor, long offset) throws Failure {
        long address = mmap.callLong(place, size, PROT_READ_WRITE, flags, descriptor, offset);
        check("mmap", address);
        return address;
    }

    void unmap(long address, long size) {
        munmap.callInt(address, size);
    }

    /** Frees pages of a shared mapping, in the file as well. A host that cannot keeps them. */
    void free(long address, long size) {
        madvise.callInt(address, size, MADV_REMOVE);
    }

    /** Frees the copies that were made of a private mapping's pages; the file's content shows again. */
    void forget(long address, long size) {
        madvise.callInt(address, size, MADV_DONTNEED);
    }

    /** Wants large pages, of which a TLB needs fewer entries, where the host gives them to those who ask. */
    void preferHugePages(long address, long size) {
        madvise.callInt(address, size, MADV_HUGEPAGE);
    }

    void closeFile(int descriptor) {
        close.callInt(descriptor);
    }

    /** @param result a call's, or its negative error number */
    private static void check(String call, long result) throws Failure {
        if (result < 0) {
            throw new Failure(call, (int) -result);
        }
    }
}
