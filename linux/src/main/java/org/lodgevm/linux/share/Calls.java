package org.lodgevm.linux.share;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.share.FileFault;

/** System calls on files whose refusals are a guest's business. Source: the pages of the manual's section 2. */
final class Calls {
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    static final int AT_EMPTY_PATH = 0x1000;

    static final int O_NONBLOCK = 0x800;
    static final int O_DIRECTORY = 0x1_0000;
    static final int O_NOFOLLOW = 0x2_0000;
    static final int O_CLOEXEC = 0x8_0000;
    static final int O_PATH = 0x20_0000;

    private Calls() {}

    /** @throws FileFault if the kernel refuses */
    static long call(SystemCall call, long... arguments) throws FileFault {
        long result;
        do {
            result = LibC.trySystemCall(call, arguments);
        } while (result == -Errno.EINTR);
        if (result < 0) {
            throw new FileFault((int) -result);
        }
        return result;
    }

    /** A call that takes a folder and a name in it first. */
    static long at(SystemCall call, int folder, byte[] name, long... more) throws FileFault {
        try (Arena arena = Arena.ofConfined()) {
            long[] arguments = new long[2 + more.length];
            arguments[0] = folder;
            arguments[1] = text(arena, name).address();
            System.arraycopy(more, 0, arguments, 2, more.length);
            return call(call, arguments);
        }
    }

    /** Bytes with a NUL after them. */
    static MemorySegment text(Arena arena, byte[] bytes) {
        MemorySegment text = arena.allocate(bytes.length + 1);
        MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
        return text;
    }
}
