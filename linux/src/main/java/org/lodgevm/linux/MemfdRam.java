package org.lodgevm.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
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
    private final Map<Long, FileMapping> mappings = new ConcurrentSkipListMap<>();

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

    @Override
    public void release(MemorySegment pages) {
        mappings.values().stream().filter(mapping -> mapping.has(pages.address())).forEach(mapping -> mapping.release(pages));
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
        MemorySegment memory = RamSource.super.map(file, offset, size, arena);
        if (calls == null) {
            return memory;
        }
        FileMapping mapping = FileMapping.ofSomebodysFile(calls, memory, file, offset);
        mappings.put(mapping.address(), mapping);
        return memory.reinterpret(arena, gone -> {
            forget(mapping);
            mapping.close();
        });
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
    public void thaw(FrozenRam frozen, MemorySegment memory, Changed changed) {
        FileMapping mapping = mappings.get(memory.address());
        if (mapping == null || !mapping.thaw(frozen, changed)) {
            RamSource.super.thaw(frozen, memory, changed);
        }
    }
}
