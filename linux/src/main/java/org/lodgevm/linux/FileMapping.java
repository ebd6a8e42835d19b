package org.lodgevm.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.RamSource;

/**
 * RAM that is mapped from a file.
 *
 * <p>At first it is a file in memory: both have every write. To freeze it, the file is laid over itself as a private mapping. From then on
 * the kernel copies a page before it is written to, the file stays as it was, and nothing had to be copied for that. To freeze it again,
 * pages that were written since go into the file, if nobody else uses that, or all of them into a new one.
 */
final class FileMapping {
    private final MemoryCalls calls;
    private final long address;
    private final long size;
    /** Null while the content is somebody else's file. Guarded by this. */
    private MemoryFile file;

    private boolean isPrivate;

    private FileMapping(MemoryCalls calls, long address, long size, MemoryFile file) {
        this.calls = calls;
        this.address = address;
        this.size = size;
        this.file = file;
    }

    static FileMapping ofNewFile(MemoryCalls calls, long size) throws MemoryCalls.Failure {
        MemoryFile file = new MemoryFile(calls, size);
        try {
            return new FileMapping(calls, calls.mapFile(file.descriptor(), size), size, file);
        } catch (MemoryCalls.Failure e) {
            file.leave();
            throw e;
        }
    }

    /** @param memory a private mapping of a file */
    static FileMapping ofSomebodysFile(MemoryCalls calls, MemorySegment memory) {
        FileMapping mapping = new FileMapping(calls, memory.address(), memory.byteSize(), null);
        mapping.isPrivate = true;
        return mapping;
    }

    long address() {
        return address;
    }

    long size() {
        return size;
    }

    boolean has(long host) {
        return host >= address && host < address + size;
    }

    private MemorySegment memory() {
        return MemorySegment.ofAddress(address).reinterpret(size);
    }

    synchronized void release(MemorySegment pages) {
        if (isPrivate) {
            calls.forget(pages.address(), pages.byteSize());
        } else {
            calls.free(pages.address(), pages.byteSize());
        }
    }

    /** On failure the memory is as it was. */
    synchronized FrozenRam freeze() throws MemoryCalls.Failure, IOException {
        BitSet written = isPrivate ? PageMap.copied(address, size) : new BitSet();
        if (file == null || !written.isEmpty() && !file.hasOneUser()) {
            moveToNewFile();
        } else if (!written.isEmpty()) {
            file.write(memory(), written);
        }
        calls.coverPrivately(address, file.descriptor(), size);
        isPrivate = true;
        return frozen(file);
    }

    private FrozenRam frozen(MemoryFile of) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(of.path(), StandardOpenOption.READ)) {
            of.use();
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            MemorySegment until = content.reinterpret(arena, gone -> of.leave());
            return new FrozenRam(until, of.path(), 0, arena);
        } catch (IOException e) {
            arena.close();
            throw e;
        }
    }

    private void moveToNewFile() throws MemoryCalls.Failure, IOException {
        MemoryFile created = new MemoryFile(calls, size);
        try {
            created.write(memory(), nonzero());
        } catch (IOException e) {
            created.leave();
            throw e;
        }
        leaveFile();
        file = created;
    }

    private BitSet nonzero() {
        BitSet found = new BitSet();
        for (int page = 0; page < size / PageSet.PAGE; page++) {
            found.set(page, !PageSet.isZero(memory().asSlice((long) page * PageSet.PAGE, PageSet.PAGE)));
        }
        return found;
    }

    /** @return false if what was frozen is not the file that lies below this memory */
    synchronized boolean thaw(FrozenRam frozen, RamSource.Changed changed) {
        if (file == null || !file.path().equals(frozen.file())) {
            return false;
        }
        try {
            BitSet written = PageMap.copied(address, size);
            calls.coverPrivately(address, file.descriptor(), size);
            written.stream().forEach(page -> changed.range((long) page * PageSet.PAGE, PageSet.PAGE));
            return true;
        } catch (MemoryCalls.Failure | IOException e) {
            return false;
        }
    }

    private void leaveFile() {
        if (file != null) {
            file.leave();
        }
    }

    /** Ends a mapping of {@link #ofNewFile}; that of another's file is its arena's. */
    synchronized void close() {
        calls.unmap(address, size);
        leaveFile();
    }
}
