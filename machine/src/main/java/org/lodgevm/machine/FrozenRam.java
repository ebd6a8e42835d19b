package org.lodgevm.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * What RAM held at one moment, while the memory itself goes on changing.
 *
 * @param content readable until this is closed
 * @param file where other processes of the same user can map it as long as this one lives, or null
 * @param offset of the content in the file
 * @param arena closed with this
 */
public record FrozenRam(MemorySegment content, Path file, long offset, Arena arena) implements AutoCloseable {
    /** A copy, which takes as much memory again. */
    static FrozenRam copyOf(MemorySegment memory) {
        Arena arena = Arena.ofShared();
        return new FrozenRam(arena.allocate(memory.byteSize(), PageSet.PAGE).copyFrom(memory), null, 0, arena);
    }

    @Override
    public void close() {
        arena.close();
    }
}
