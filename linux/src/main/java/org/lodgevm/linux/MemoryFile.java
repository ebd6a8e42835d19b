package org.lodgevm.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.lodgevm.machine.PageSet;

/** An anonymous file in memory, which exists until nobody uses it any more. */
final class MemoryFile {
    private final MemoryCalls calls;
    private final int descriptor;
    /** Guarded by this. */
    private int users = 1;

    /** Of zeros; the caller uses it. */
    MemoryFile(MemoryCalls calls, long size) throws MemoryCalls.Failure {
        this.calls = calls;
        descriptor = calls.createFile("lodge-ram", size);
    }

    int descriptor() {
        return descriptor;
    }

    /** By which this process, and others of the same user, can open it. */
    Path path() {
        return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(descriptor));
    }

    synchronized boolean hasOneUser() {
        return users == 1;
    }

    synchronized void use() {
        users++;
    }

    synchronized void leave() {
        if (--users == 0) {
            calls.closeFile(descriptor);
        }
    }

    /** Copies pages of memory to their places in the file. */
    void write(MemorySegment memory, BitSet pages) throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            for (int first = pages.nextSetBit(0); first >= 0; ) {
                int end = pages.nextClearBit(first);
                write(channel, memory, first, end);
                first = pages.nextSetBit(end);
            }
        }
    }

    private static void write(FileChannel channel, MemorySegment memory, int first, int end) throws IOException {
        for (int page = first; page < end; page++) {
            long at = (long) page * PageSet.PAGE;
            ByteBuffer bytes = memory.asSlice(at, PageSet.PAGE).asByteBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes, at + bytes.position());
            }
        }
    }
}
