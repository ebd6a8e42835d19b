package org.lodgevm.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.lodgevm.machine.PageSet;

/** An anonymous file in memory, which exists until nobody uses it any more. */
final class MemoryFile {
    private static final int AT_ONCE = 1 << 20;

    private final MemoryCalls calls;
    private final int descriptor;
    /** Guarded by this. */
    private int users = 1;

    /** Of zeros; the caller uses it. */
    MemoryFile(MemoryCalls calls, long size) throws MemoryCalls.Failure {
        this.calls = calls;
        descriptor = calls.createFile("lodge-ram", size);
    }

    LinuxHoles.OpenFile holes() {
        return new LinuxHoles.OpenFile(path(), descriptor);
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

    /** @return whether it is gone */
    synchronized boolean leave() {
        if (--users == 0) {
            calls.closeFile(descriptor);
        }
        return users == 0;
    }

    /** Copies pages of memory to their places in the file. */
    void write(MemorySegment memory, BitSet pages) throws IOException {
        try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            FilePages.forEachRun(pages, (first, end) -> write(channel, memory, (long) first * PageSet.PAGE, (long) end * PageSet.PAGE));
        }
    }

    private static void write(FileChannel channel, MemorySegment memory, long from, long end) throws IOException {
        for (long at = from; at < end;) {
            at += channel.write(memory.asSlice(at, Math.min(end - at, AT_ONCE)).asByteBuffer(), at);
        }
    }
}
