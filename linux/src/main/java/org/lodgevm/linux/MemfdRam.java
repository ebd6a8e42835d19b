package org.lodgevm.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.machine.RamSource;

/**
 * Guest RAM in an anonymous file, of which the kernel allocates a page when it is first touched: no disk, no name, nothing to
 * clean up. Where there is no such thing, RAM comes from a temporary file.
 */
public final class MemfdRam implements RamSource {
    private final RamSource otherwise;
    private final MemoryCalls calls;

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
        } catch (RuntimeException e) {
            return null; // no Linux, or native access denied
        }
    }

    @Override
    public void release(MemorySegment pages) {
        if (calls != null) {
            calls.free(pages.address(), pages.byteSize());
        }
    }

    @Override
    public MemorySegment map(long size, Arena arena) {
        if (calls == null) {
            return otherwise.map(size, arena);
        }
        try {
            int descriptor = calls.createFile("lodge-ram", size);
            try {
                long address = calls.mapFile(descriptor, size);
                return MemorySegment.ofAddress(address).reinterpret(size, arena, memory -> calls.unmap(memory.address(), size));
            } finally {
                calls.closeFile(descriptor); // the mapping keeps the memory
            }
        } catch (MemoryCalls.Failure e) {
            return otherwise.map(size, arena);
        }
    }
}
