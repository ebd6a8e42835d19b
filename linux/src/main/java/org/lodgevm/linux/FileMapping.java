package org.lodgevm.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.RamSource;

/**
 * RAM that is mapped from a file.
 *
 * <p>At first it is a file in memory: both have every write. To freeze it, the file is laid over itself as a private mapping. From then on
 * the kernel copies a page before it is written to, the file stays as it was, and nothing had to be copied for that. To freeze it again,
 * pages that were written since go into the file, if nobody else uses that, or all that are not empty into a new one. To thaw, what was frozen is
 * mapped again, and the copied pages are gone.
 */
final class FileMapping {
    private final MemoryCalls calls;
    private final long address;
    private final long size;
    /**
     * Somebody else's file that the content is of, and from where on, or null. It is open as long as this is: its name may be gone, or out of reach for a process that was
     * confined.
     */
    private final LinuxHoles.OpenFile origin;

    private final long originOffset;
    /** Null while the content is somebody else's file. Guarded by this. */
    private MemoryFile file;

    private boolean isPrivate;
    /** What can be thawed, by its files. */
    private final Map<Path, MemoryFile> frozen = new ConcurrentHashMap<>();

    private FileMapping(MemoryCalls calls, long address, long size, MemoryFile file, LinuxHoles.OpenFile origin, long originOffset) {
        this.calls = calls;
        this.address = address;
        this.size = size;
        this.file = file;
        this.origin = origin;
        this.originOffset = originOffset;
    }

    static FileMapping ofNewFile(MemoryCalls calls, long size) throws MemoryCalls.Failure {
        MemoryFile file = new MemoryFile(calls, size);
        try {
            long address = calls.mapFile(file.descriptor(), size);
            calls.preferHugePages(address, size);
            return new FileMapping(calls, address, size, file, null, 0);
        } catch (MemoryCalls.Failure e) {
            file.leave();
            throw e;
        }
    }

    static FileMapping ofSomebodysFile(MemoryCalls calls, Path origin, long originOffset, long size) throws IOException, MemoryCalls.Failure {
        LinuxHoles.OpenFile file = new LinuxHoles().open(origin, false);
        try {
            FileMapping mapping = new FileMapping(calls, calls.mapPrivately(file.descriptor(), originOffset, size), size, null, file, originOffset);
            mapping.isPrivate = true;
            return mapping;
        } catch (MemoryCalls.Failure e) {
            file.close();
            throw e;
        }
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
            moveToNewFile(written);
        } else if (!written.isEmpty()) {
            file.write(memory(), written);
        }
        calls.coverPrivately(address, file.descriptor(), size);
        isPrivate = true;
        return keep(file);
    }

    private FrozenRam keep(MemoryFile of) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(of.path(), StandardOpenOption.READ)) {
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            of.use();
            frozen.put(of.path(), of);
            MemorySegment until = content.reinterpret(arena, gone -> leave(of));
            return new FrozenRam(until, of.path(), 0, arena);
        } catch (IOException e) {
            arena.close();
            throw e;
        }
    }

    /** @param written pages that are not the file's any more */
    private void moveToNewFile(BitSet written) throws MemoryCalls.Failure, IOException {
        MemoryFile created = new MemoryFile(calls, size);
        try {
            BitSet pages = inFile();
            pages.or(written);
            created.write(memory(), pages);
        } catch (IOException e) {
            created.leave();
            throw e;
        }
        leaveFile();
        file = created;
    }

    /** Pages that are no holes there. */
    private BitSet inFile() throws IOException {
        return file == null ? FilePages.present(origin, originOffset, size) : FilePages.present(file.holes(), 0, size);
    }

    /** @see RamSource#content */
    synchronized void content(RamSource.Range each) throws IOException {
        BitSet pages = inFile();
        if (isPrivate) {
            pages.or(PageMap.copied(address, size));
        }
        FilePages.forEachRun(pages, (first, end) -> each.accept((long) first * PageSet.PAGE, (long) (end - first) * PageSet.PAGE));
    }

    /** @see RamSource#hole */
    synchronized long hole(MemorySegment pages) throws IOException {
        long offset = pages.address() - address;
        long length = file == null ? LinuxHoles.hole(origin.descriptor(), originOffset + offset, pages.byteSize())
                : LinuxHoles.hole(file.descriptor(), offset, pages.byteSize());
        long whole = length & -PageSet.PAGE;
        return isPrivate && whole > 0 ? PageMap.notCopied(pages.address(), whole) : whole;
    }

    /** @return false if what was frozen is not this memory, or cannot be mapped */
    synchronized boolean thaw(FrozenRam content, RamSource.Range changed) {
        MemoryFile wanted = content.file() == null ? null : frozen.get(content.file());
        if (wanted == null) {
            return false;
        }
        try {
            BitSet written = wanted == file ? PageMap.copied(address, size) : null;
            calls.coverPrivately(address, wanted.descriptor(), size);
            if (written == null) {
                wanted.use();
                leaveFile();
                file = wanted;
                changed.accept(0, size);
            } else {
                FilePages.forEachRun(written, (first, end) -> changed.accept((long) first * PageSet.PAGE, (long) (end - first) * PageSet.PAGE));
            }
            return true;
        } catch (MemoryCalls.Failure | IOException e) {
            return false;
        }
    }

    private void leaveFile() {
        if (file != null) {
            leave(file);
        }
    }

    private void leave(MemoryFile left) {
        Path path = left.path();
        if (left.leave()) {
            frozen.remove(path, left);
        }
    }

    /** The mapping ends, and the files are given up. */
    synchronized void close() {
        calls.unmap(address, size);
        if (origin != null) {
            origin.close();
        }
        leaveFile();
    }
}
