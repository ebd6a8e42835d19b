package org.lodgevm.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library's functions for files with holes. Source: open(2), close(2), fallocate(2), lseek(2), strerror(3). */
record FileCalls(MethodHandle open, MethodHandle close, MethodHandle fallocate, MethodHandle lseek, MethodHandle strerror) {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int ENXIO = 6;
    private static final int EINVAL = 22;
    private static final int EOPNOTSUPP = 95;
    private static final int LONGEST_TEXT = 256;

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Looks all of them up. @throws RuntimeException when this is not Linux, or native access is denied */
    static FileCalls link() {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new UnsupportedOperationException("the numbers are Linux's");
        }
        Linker linker = Linker.nativeLinker();
        return new FileCalls(
                function(linker, "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2)),
                function(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)),
                function(linker, "fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG)),
                function(linker, "lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT)),
                linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT)));
    }

    private static MethodHandle function(Linker linker, String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, all);
    }

    /** @return a descriptor */
    int openFile(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURE);
            int descriptor = (int) open.invokeExact(errno, arena.allocateFrom(path), flags | O_CLOEXEC);
            if (descriptor < 0) {
                throw failure("open", errno);
            }
            return descriptor;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void closeFile(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) close.invokeExact(arena.allocate(CAPTURE), descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** @return whether the file system can */
    boolean punchHole(int descriptor, long offset, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURE);
            int result = (int) fallocate.invokeExact(errno, descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
            if (result < 0 && number(errno) != EOPNOTSUPP) {
                throw failure("fallocate", errno);
            }
            return result == 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The beginning of the next data, or -1 if there is none before the end. */
    long nextData(int descriptor, long offset) throws IOException {
        return seek(descriptor, offset, SEEK_DATA);
    }

    /** The beginning of the next hole: the end of the file counts as one. */
    long nextHole(int descriptor, long offset) throws IOException {
        return seek(descriptor, offset, SEEK_HOLE);
    }

    private long seek(int descriptor, long offset, int whence) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURE);
            long result = (long) lseek.invokeExact(errno, descriptor, offset, whence);
            if (result < 0 && number(errno) == EINVAL) {
                return whence == SEEK_DATA ? offset : Long.MAX_VALUE; // a file system that knows no holes
            }
            if (result < 0 && number(errno) != ENXIO) {
                throw failure("lseek", errno);
            }
            return result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int number(MemorySegment errno) {
        return (int) ERRNO.get(errno, 0L);
    }

    private IOException failure(String call, MemorySegment errno) throws Throwable {
        MemorySegment text = (MemorySegment) strerror.invokeExact(number(errno));
        return new IOException("%s: %s".formatted(call, text.reinterpret(LONGEST_TEXT).getString(0)));
    }

    /** Method handles declare any exception; only those of {@link #failure} can happen. */
    private static IOException unexpected(Throwable e) {
        if (e instanceof IOException failure) {
            return failure;
        }
        throw new AssertionError(e);
    }
}
