package org.lodgevm.linux.share;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.OpenFolder;

/** A descriptor of an open folder. Positions are the kernel's own. Source: getdents64(2). */
record LinuxFolder(int descriptor) implements OpenFolder {
    private static final int BUFFER = 1 << 15;
    private static final int SEEK_SET = 0;

    private static final int INO = 0;
    private static final int OFF = 8;
    private static final int RECLEN = 16;
    private static final int TYPE = 18;
    private static final int NAME = 19;

    @Override
    public void visit(long position, Visitor visitor) throws FileFault {
        Calls.call(SystemCall.LSEEK, descriptor, position, SEEK_SET);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = arena.allocate(BUFFER, JAVA_LONG.byteAlignment());
            long filled;
            do {
                filled = Calls.call(SystemCall.GETDENTS64, descriptor, entries.address(), BUFFER);
            } while (filled > 0 && visitAll(entries, filled, visitor));
        }
    }

    private static boolean visitAll(MemorySegment entries, long filled, Visitor visitor) throws FileFault {
        int length;
        for (long at = 0; at < filled; at += length) {
            length = Short.toUnsignedInt(entries.get(JAVA_SHORT_UNALIGNED, at + RECLEN));
            boolean more = visitor.entry(
                    name(entries.asSlice(at + NAME, length - NAME)),
                    entries.get(JAVA_LONG_UNALIGNED, at + INO),
                    entries.get(JAVA_BYTE, at + TYPE),
                    entries.get(JAVA_LONG_UNALIGNED, at + OFF));
            if (!more) {
                return false;
            }
        }
        return true;
    }

    private static byte[] name(MemorySegment padded) {
        int length = 0;
        while (padded.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return padded.asSlice(0, length).toArray(JAVA_BYTE);
    }

    @Override
    public void synchronize(boolean dataOnly) throws FileFault {
        Calls.call(dataOnly ? SystemCall.FDATASYNC : SystemCall.FSYNC, descriptor);
    }

    @Override
    public void close() {
        LibC.close(descriptor);
    }
}
