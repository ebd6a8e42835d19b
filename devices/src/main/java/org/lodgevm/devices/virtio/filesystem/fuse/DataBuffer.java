package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Through which a queue's data passes between files and the guest's memory: one system call for a request, however scattered its pages. */
public final class DataBuffer {
    /** Bytes of one request: 256 pages, the most that Linux asks for. */
    static final int SIZE = 1 << 20;

    private static final int PAGE = 4096;

    private static final class State {
        /** Made when first used. */
        transient MemorySegment memory;
    }

    private final State state = new State();

    /** @param bytes at most {@link #SIZE} */
    MemorySegment first(int bytes) {
        if (state.memory == null) {
            state.memory = Arena.ofAuto().allocate(SIZE, PAGE);
        }
        return state.memory.asSlice(0, bytes);
    }
}
