package org.lodgevm.linux;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.machine.HostFunction;

/** The C library's functions for files with holes. Source: open(2), close(2), pread(2), fallocate(2), lseek(2), strerror(3). */
record FileCalls(HostFunction open, HostFunction close, HostFunction pread, HostFunction fallocate, HostFunction lseek, HostFunction strerror) {
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

    /** Looks all of them up. @throws RuntimeException when this is not Linux, or native access is denied */
    static FileCalls link() {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new UnsupportedOperationException("the numbers are Linux's");
        }
        return new FileCalls(
                HostFunction.named("open"),
                HostFunction.named("close"),
                HostFunction.named("pread"),
                HostFunction.named("fallocate"),
                HostFunction.named("lseek"),
                HostFunction.named("strerror"));
    }

    /** @return a descriptor */
    int openFile(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = open.callInt(arena.allocateFrom(path).address(), flags | O_CLOEXEC);
            if (descriptor < 0) {
                throw failure("open", -descriptor);
            }
            return descriptor;
        }
    }

    void closeFile(int descriptor) {
        close.callInt(descriptor);
    }

    /** Fills memory. @throws IOException also if the file ends before that */
    void read(int descriptor, MemorySegment into, long offset) throws IOException {
        for (long done = 0; done < into.byteSize(); ) {
            long result = pread.callLong(descriptor, into.address() + done, into.byteSize() - done, offset + done);
            if (result < 0) {
                throw failure("pread", (int) -result);
            }
            if (result == 0) {
                throw new EOFException("pread: the file ends at %d".formatted(offset + done));
            }
            done += result;
        }
    }

    /** @return whether the file system can */
    boolean punchHole(int descriptor, long offset, long length) throws IOException {
        return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
    }

    /** @return whether the file system can */
    boolean allocate(int descriptor, long offset, long length) throws IOException {
        return fallocate(descriptor, 0, offset, length);
    }

    private boolean fallocate(int descriptor, int mode, long offset, long length) throws IOException {
        int result = fallocate.callInt(descriptor, mode, offset, length);
        if (result < 0 && result != -EOPNOTSUPP) {
            throw failure("fallocate", -result);
        }
        return result == 0;
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
        long result = lseek.callLong(descriptor, offset, whence);
        if (result == -EINVAL) {
            return whence == SEEK_DATA ? offset : Long.MAX_VALUE; // a file system that knows no holes
        }
        if (result < 0 && result != -ENXIO) {
            throw failure("lseek", (int) -result);
        }
        return Math.max(result, -1);
    }

    private IOException failure(String call, int errno) {
        MemorySegment text = MemorySegment.ofAddress(strerror.callLong(errno));
        return new IOException("%s: %s".formatted(call, text.reinterpret(LONGEST_TEXT).getString(0)));
    }
}
