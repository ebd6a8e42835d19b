package org.lodgevm.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library's functions for anonymous files in memory. Source: memfd_create(2), ftruncate(2), mmap(2), madvise(2), close(2). */
record MemoryCalls(MethodHandle memfdCreate, MethodHandle ftruncate, MethodHandle mmap, MethodHandle munmap, MethodHandle madvise, MethodHandle close) {
    /** A call failed. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String call, int errno) {
            super("%s failed with errno %d".formatted(call, errno));
        }
    }

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_HUGETLB = 4;
    private static final int MFD_HUGE_2MB = 21 << 26;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED = 0x10;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_REMOVE = 9;
    private static final long MAP_FAILED = -1;

    /** Looks all of them up. @throws RuntimeException when this is not Linux, or its C library lacks one */
    static MemoryCalls link() {
        Linker linker = Linker.nativeLinker();
        return new MemoryCalls(
                function(linker, "memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
                function(linker, "ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG)),
                function(linker, "mmap",
                        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)),
                function(linker, "munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG)),
                function(linker, "madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT)),
                function(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)));
    }

    private static MethodHandle function(Linker linker, String name, FunctionDescriptor descriptor) {
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
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
            MemorySegment errno = arena.allocate(CAPTURE);
            int descriptor = (int) memfdCreate.invokeExact(errno, arena.allocateFrom(name), flags);
            check("memfd_create", descriptor, errno);
            int result = (int) ftruncate.invokeExact(errno, descriptor, size);
            if (result < 0) {
                closeFile(descriptor);
                check("ftruncate", result, errno);
            }
            return descriptor;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Maps a whole file for reading and writing. @return where */
    long mapFile(int descriptor, long size) throws Failure {
        return map(0, size, MAP_SHARED, descriptor);
    }

    /** Puts a whole file's content where something is mapped already, at once. Writes there do not reach the file. */
    void coverPrivately(long address, int descriptor, long size) throws Failure {
        map(address, size, MAP_PRIVATE | MAP_FIXED, descriptor);
    }

    private long map(long place, long size, int flags, int descriptor) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURE);
            long address = (long) mmap.invokeExact(errno, place, size, PROT_READ_WRITE, flags, descriptor, 0L);
            check("mmap", address == MAP_FAILED ? -1 : 0, errno);
            return address;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void unmap(long address, long size) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) munmap.invokeExact(arena.allocate(CAPTURE), address, size);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Frees pages of a shared mapping, in the file as well. A host that cannot keeps them. */
    void free(long address, long size) {
        advise(address, size, MADV_REMOVE);
    }

    /** Frees the copies that were made of a private mapping's pages; the file's content shows again. */
    void forget(long address, long size) {
        advise(address, size, MADV_DONTNEED);
    }

    /** Wants large pages, of which a TLB needs fewer entries, where the host gives them to those who ask. */
    void preferHugePages(long address, long size) {
        advise(address, size, MADV_HUGEPAGE);
    }

    private void advise(long address, long size, int advice) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) madvise.invokeExact(arena.allocate(CAPTURE), address, size, advice);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    void closeFile(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) close.invokeExact(arena.allocate(CAPTURE), descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void check(String call, int result, MemorySegment errno) throws Failure {
        if (result < 0) {
            throw new Failure(call, (int) ERRNO.get(errno, 0L));
        }
    }

    /** Method handles declare any exception; only those of {@link #check} can happen. */
    private static Failure unexpected(Throwable e) {
        if (e instanceof Failure failure) {
            return failure;
        }
        throw new AssertionError(e);
    }
}
