package org.lodgevm.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.RamSource;

/**
 * Guest RAM in an anonymous file, of which the kernel allocates a page when it is first touched: no disk, no name, nothing to
 * clean up. Where there is no such thing, RAM comes from a temporary file.
 */
public final class MemfdRam implements RamSource {
    private final RamSource otherwise;
    private final MemoryCalls calls;
    /** By their addresses. */
    private final NavigableMap<Long, FileMapping> mappings = new ConcurrentSkipListMap<>();

    public MemfdRam() {
        this(RamSource.temporaryFile());
    }

    MemfdRam(RamSource otherwise) {
        this.otherwise = otherwise;
        this.calls = linkOrNull();
    }

    private static MemoryCalls linkOrNull() {
        try {
            return MemoryCalls.link();
        } catch (RuntimeException | LinkageError e) {
            return null; // no Linux, or native access denied
        }
    }

    @Override
    public RamSource onHugePages() {
        return calls == null ? RamSource.super.onHugePages() : new HugePageRam(calls, Path.of("/"));
    }

    /** Null if it is of another source. */
    private FileMapping mapping(MemorySegment pages) {
        Map.Entry<Long, FileMapping> below = mappings.floorEntry(pages.address());
        return below != null && below.getValue().has(pages.address()) ? below.getValue() : null;
    }

    @Override
    public void release(MemorySegment pages) {
        FileMapping mapping = mapping(pages);
        if (mapping != null) {
            mapping.release(pages);
        }
    }

    @Override
    public void content(MemorySegment memory, Range each) {
        FileMapping mapping = mapping(memory);
        try {
            if (mapping != null) {
                mapping.content(each);
                return;
            }
        } catch (IOException e) {
            // the kernel does not tell
        }
        RamSource.super.content(memory, each);
    }

    @Override
    public long hole(MemorySegment pages) {
        FileMapping mapping = mapping(pages);
        try {
            return mapping == null ? 0 : mapping.hole(pages);
        } catch (IOException e) {
            return 0; // the kernel does not tell
        }
    }

    @Override
    public MemorySegment map(long size, Arena arena) {
        if (calls == null) {
            return otherwise.map(size, arena);
        }
        try {
            return known(FileMapping.ofNewFile(calls, size), arena);
        } catch (MemoryCalls.Failure e) {
            return otherwise.map(size, arena);
        }
    }

    private MemorySegment known(FileMapping mapping, Arena arena) {
        mappings.put(mapping.address(), mapping);
        return MemorySegment.ofAddress(mapping.address()).reinterpret(mapping.size(), arena, memory -> {
            forget(mapping);
            mapping.close();
        });
    }

    private void forget(FileMapping mapping) {
        mappings.remove(mapping.address(), mapping);
    }

    @Override
    public MemorySegment map(Path file, long offset, long size, Arena arena) throws IOException {
        if (calls == null) {
            return RamSource.super.map(file, offset, size, arena);
        }
        try {
            return known(FileMapping.ofSomebodysFile(calls, file, offset, size), arena);
        } catch (MemoryCalls.Failure e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public FrozenRam freeze(MemorySegment memory) {
        FileMapping mapping = mappings.get(memory.address());
        try {
            return mapping == null ? RamSource.super.freeze(memory) : mapping.freeze();
        } catch (MemoryCalls.Failure | IOException e) {
            return RamSource.super.freeze(memory); // memory is as it was
        }
    }

    @Override
    public void thaw(FrozenRam frozen, MemorySegment memory, Range changed) {
        FileMapping mapping = mappings.get(memory.address());
        if (mapping == null || !mapping.thaw(frozen, changed)) {
            RamSource.super.thaw(frozen, memory, changed);
        }
    }
}
