package org.lodgevm.linux.share;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Usage;

/** What a file system has room for, by fstatfs(2): a structure of words on x86-64. */
final class Statfs {
    private static final int SIZE = 120;
    private static final int BSIZE = 8;
    private static final int BLOCKS = 16;
    private static final int BFREE = 24;
    private static final int BAVAIL = 32;
    private static final int FILES = 40;
    private static final int FFREE = 48;
    private static final int NAMELEN = 64;
    private static final int FRSIZE = 72;

    private Statfs() {}

    static Usage of(int descriptor) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statfs = arena.allocate(SIZE, Long.BYTES);
            Calls.call(SystemCall.FSTATFS, descriptor, statfs.address());
            return new Usage(
                    statfs.get(JAVA_LONG, BLOCKS),
                    statfs.get(JAVA_LONG, BFREE),
                    statfs.get(JAVA_LONG, BAVAIL),
                    statfs.get(JAVA_LONG, FILES),
                    statfs.get(JAVA_LONG, FFREE),
                    (int) statfs.get(JAVA_LONG, BSIZE),
                    (int) statfs.get(JAVA_LONG, NAMELEN),
                    (int) statfs.get(JAVA_LONG, FRSIZE));
        }
    }
}
