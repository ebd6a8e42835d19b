package org.lodgevm.linux.share;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.share.Attributes;
import org.lodgevm.share.Attributes.Moment;
import org.lodgevm.share.FileFault;

/** Attributes of files by statx(2), whose structure is the same on all processors. */
final class Statx {
    private static final byte[] NO_NAME = {};
    private static final int SIZE = 256;
    private static final int BASIC_STATS_AND_BTIME = 0xfff;

    private static final int MASK = 0;
    private static final int BLKSIZE = 4;
    private static final int NLINK = 16;
    private static final int UID = 20;
    private static final int GID = 24;
    private static final int MODE = 28;
    private static final int INO = 32;
    private static final int LENGTH = 40;
    private static final int BLOCKS = 48;
    private static final int ATIME = 64;
    private static final int BTIME = 80;
    private static final int CTIME = 96;
    private static final int MTIME = 112;
    private static final int RDEV_MAJOR = 128;
    private static final int RDEV_MINOR = 132;
    private static final int DEV_MAJOR = 136;
    private static final int DEV_MINOR = 140;
    private static final int NANOS = 8;
    private static final int HAS_BTIME = 0x800;

    private Statx() {}

    /** Of what a descriptor refers to. */
    static Attributes of(int descriptor) throws FileFault {
        return of(descriptor, NO_NAME, Calls.AT_EMPTY_PATH);
    }

    /** Of what a folder has under a name. */
    static Attributes of(int folder, byte[] name) throws FileFault {
        return of(folder, name, Calls.AT_SYMLINK_NOFOLLOW);
    }

    private static Attributes of(int descriptor, byte[] name, int flags) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statx = arena.allocate(SIZE, Long.BYTES);
            Calls.call(SystemCall.STATX, descriptor, Calls.text(arena, name).address(), flags, BASIC_STATS_AND_BTIME, statx.address());
            return read(statx);
        }
    }

    private static Attributes read(MemorySegment statx) {
        return new Attributes(
                Integer.toUnsignedLong(statx.get(JAVA_INT, DEV_MAJOR)) << Integer.SIZE | Integer.toUnsignedLong(statx.get(JAVA_INT, DEV_MINOR)),
                statx.get(JAVA_LONG, INO),
                Short.toUnsignedInt(statx.get(JAVA_SHORT, MODE)),
                statx.get(JAVA_INT, NLINK),
                statx.get(JAVA_INT, UID),
                statx.get(JAVA_INT, GID),
                special(statx.get(JAVA_INT, RDEV_MAJOR), statx.get(JAVA_INT, RDEV_MINOR)),
                statx.get(JAVA_LONG, LENGTH),
                statx.get(JAVA_LONG, BLOCKS),
                statx.get(JAVA_INT, BLKSIZE),
                moment(statx, ATIME),
                moment(statx, MTIME),
                moment(statx, CTIME),
                (statx.get(JAVA_INT, MASK) & HAS_BTIME) != 0 ? moment(statx, BTIME) : Moment.NONE);
    }

    /** Source: new_encode_dev of Linux's include/linux/kdev_t.h. */
    private static int special(int major, int minor) {
        return minor & 0xff | major << 8 | (minor & ~0xff) << 12;
    }

    private static Moment moment(MemorySegment statx, int at) {
        return new Moment(statx.get(JAVA_LONG, at), statx.get(JAVA_INT, at + NANOS));
    }
}
