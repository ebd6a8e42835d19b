package org.lodgevm.x86.interpret;

import org.lodgevm.machine.HostMemory;

/**
 * A locked read-modify-write: compare-and-set on host memory until nobody came in between.
 *
 * <p>Bytes and words are exchanged as part of the aligned four bytes around them. What has no aligned place in RAM (split
 * locks, device registers) is done under one lock of the process: atomic among locked instructions, which is all that a
 * split lock can be relied on for here.
 */
final class Atomic {
    private static final Object SPLIT_LOCK = new Object();

    long result;
    private int size;
    private long linear;
    private int segment;
    /** Host address of the aligned container, or 0 where there is none. */
    private long memory;
    private int shift;
    private long seen;
    private long value;
    private long flagResult;
    private long flagAux;

    /** Starts an update; the address has passed its segment's checks. Raises whatever faults the access can raise. */
    static Atomic begin(Cpu c, long linear, int size, int segment) {
        Atomic update = c.atomic;
        update.size = size;
        update.linear = linear;
        update.segment = segment;
        long host = SlowMemory.atomicHost(c, linear, size, segment);
        if (host == 0) {
            update.memory = 0;
        } else {
            int within = size < 4 ? (int) host & 3 : 0;
            update.shift = 8 * within;
            update.memory = host - within;
        }
        update.flagResult = c.flagResult;
        update.flagAux = c.flagAux;
        return update;
    }

    /** The value to work on. The flags are as they were before the first try. */
    long load(Cpu c) {
        c.flagResult = flagResult;
        c.flagAux = flagAux;
        if (memory == 0) {
            value = SlowMemory.readForWrite(c, linear, size, segment);
        } else if (size == 8) {
            value = seen = HostMemory.getVolatile64(memory);
        } else {
            seen = HostMemory.getVolatile32(memory) & 0xffff_ffffL;
            value = seen >>> shift & mask();
        }
        return value;
    }

    /** Tries to replace the value by {@link #result}; false if it has changed meanwhile. */
    boolean commit(Cpu c) {
        if (memory == 0) {
            synchronized (SPLIT_LOCK) {
                if (SlowMemory.readForWrite(c, linear, size, segment) != value) {
                    return false;
                }
                Linear.finishWrite(c, size, result);
                return true;
            }
        }
        if (size == 8) {
            return HostMemory.compareAndSet64(memory, seen, result);
        }
        long replaced = seen & ~(mask() << shift) | (result & mask()) << shift;
        return HostMemory.compareAndSet32(memory, (int) seen, (int) replaced);
    }

    private long mask() {
        return size == 4 ? 0xffff_ffffL : (1L << 8 * size) - 1;
    }
}
