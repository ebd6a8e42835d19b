package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get64;

import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.paging.Tlb;

/**
 * A locked read-modify-write: compare-and-set on host memory until nobody came in between.
 *
 * <p>Values are exchanged as part of the aligned eight bytes around them. What has no such place in RAM (split locks, device
 * registers) is read once and written once, under one lock of the machine: atomic among its like, which is all that a split lock
 * can be relied on for here. Comparing would not do, as some registers are never twice the same.
 */
final class Atomic {
    private static final long PAGE = ~0xfffL;
    private static final int CONTAINER = 8;
    private static final long UNKNOWN = -1;

    long result;
    private int size;
    private long linear;
    private int segment;
    /** Host address of the aligned container, or 0 where there is none. */
    private long memory;
    private int shift;
    /** What the container held. */
    private long seen;
    /** Physical address, which decoded code there is told of; {@link #UNKNOWN} where there is none since the TLB allows writing. */
    private long physical;
    private long flagResult;
    private long flagAux;

    /** Starts an update; the address has passed its segment's checks. Raises whatever faults the access can raise. */
    static Atomic begin(Cpu c, long linear, int size, int segment) {
        Atomic update = c.atomic;
        update.size = size;
        update.linear = linear;
        update.segment = segment;
        long e = c.tlb + Tlb.entry(linear);
        long host;
        if (get64(e + Tlb.WRITE) == (linear + (size - 1) & PAGE)) {
            host = linear + get64(e + Tlb.ADDEND);
            update.physical = UNKNOWN;
        } else {
            host = SlowMemory.atomicHost(c, linear, size, segment);
            update.physical = c.mmu.physical();
        }
        int within = (int) linear & CONTAINER - 1;
        update.memory = host == 0 || within + size > CONTAINER ? 0 : host - within;
        update.shift = 8 * within;
        update.flagResult = c.flagResult;
        update.flagAux = c.flagAux;
        return update;
    }

    /** The value to work on. The flags are as they were before the first try. */
    long load(Cpu c) {
        c.flagResult = flagResult;
        c.flagAux = flagAux;
        if (memory == 0) {
            return loadSplit(c);
        }
        seen = HostMemory.getVolatile64(memory);
        return seen >>> shift & mask();
    }

    /** Leaves the lock held unless the access faults; {@link #commit} follows. */
    private long loadSplit(Cpu c) {
        c.code.splitLock.lock();
        boolean held = false;
        try {
            long value = SlowMemory.readForWrite(c, linear, size, segment);
            held = true;
            return value;
        } finally {
            if (!held) {
                c.code.splitLock.unlock();
            }
        }
    }

    /** Tries to replace the value by {@link #result}; false if it has changed meanwhile. */
    boolean commit(Cpu c) {
        if (memory == 0) {
            commitSplit(c);
            return true;
        }
        long mask = mask();
        if (!HostMemory.compareAndSet64(memory, seen, seen & ~(mask << shift) | (result & mask) << shift)) {
            return false;
        }
        if (physical != UNKNOWN) {
            c.code.afterWrite(physical, size);
        }
        return true;
    }

    private void commitSplit(Cpu c) {
        try {
            Linear.finishWrite(c, size, result);
        } finally {
            c.code.splitLock.unlock();
        }
    }

    private long mask() {
        return size == CONTAINER ? -1 : (1L << 8 * size) - 1;
    }
}
