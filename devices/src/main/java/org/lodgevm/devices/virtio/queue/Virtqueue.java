package org.lodgevm.devices.virtio.queue;

import java.lang.invoke.VarHandle;
import java.util.List;
import org.lodgevm.machine.state.Restorable;

/**
 * One of a device's queues. The driver configures it through the transport while it is not ready. From then on one thread at a time
 * takes buffers from it; any thread that has one gives it back.
 */
public final class Virtqueue implements Restorable {
    /** Entries that a driver may ask for. */
    public static final int LARGEST = DescriptorChain.LONGEST;

    /** The three parts of a queue in memory. @virtio 2.6 */
    public enum Area {
        DESCRIPTOR,
        DRIVER,
        DEVICE
    }

    final Ring.State state = new Ring.State();
    private final DmaMemory memory;
    private final int largest;
    private final Ring split;
    private final Ring packed;

    /** @param largest most entries, and as many as there are unless the driver says otherwise: a power of two up to {@link #LARGEST} */
    public Virtqueue(DmaMemory memory, int largest) {
        if (Integer.bitCount(largest) != 1 || largest > LARGEST) {
            throw new IllegalArgumentException("a virtqueue has a power of two of entries, at most %d, not %d".formatted(LARGEST, largest));
        }
        this.memory = memory;
        this.largest = largest;
        split = new SplitRing(memory, state);
        packed = new PackedRing(memory, state);
        reset();
    }

    private Ring ring() {
        return state.features.packed() ? packed : split;
    }

    // ---- configuration, guarded by the device ---------------------------------------------------------------------

    public int largest() {
        return largest;
    }

    public int size() {
        return state.size;
    }

    /** Ignored while the queue is ready, as everything else that must not change then. */
    public void size(int entries) {
        if (!state.ready) {
            state.size = entries;
        }
    }

    public long area(Area area) {
        return switch (area) {
            case DESCRIPTOR -> state.descriptorArea;
            case DRIVER -> state.driverArea;
            case DEVICE -> state.deviceArea;
        };
    }

    public void area(Area area, long gpa) {
        if (state.ready) {
            return;
        }
        switch (area) {
            case DESCRIPTOR -> state.descriptorArea = gpa;
            case DRIVER -> state.driverArea = gpa;
            case DEVICE -> state.deviceArea = gpa;
        }
    }

    /** Sets 32 bits of an address, as registers of that width do. */
    public void areaHalf(Area area, boolean high, int word) {
        int shift = high ? Integer.SIZE : 0;
        area(area, area(area) & ~(0xffff_ffffL << shift) | (word & 0xffff_ffffL) << shift);
    }

    public boolean ready() {
        return state.ready;
    }

    /** Begins to use what was configured. @throws QueueFault if that makes no sense */
    public void enable(RingFeatures features) {
        if (state.ready) {
            return;
        }
        if (state.size < 1 || state.size > largest) {
            throw new QueueFault("a queue has %d entries where at most %d are possible".formatted(state.size, largest));
        }
        state.features = features;
        ring().check();
        state.ready = true;
    }

    /** As after power-up. Not while a thread uses the queue. */
    public void reset() {
        state.size = largest;
        state.ready = false;
        state.descriptorArea = 0;
        state.driverArea = 0;
        state.deviceArea = 0;
        state.nextAvailable = 0;
        state.availableWrap = true;
        state.nextUsed = 0;
        state.usedWrap = true;
        state.unpublished = -1;
        state.usedSinceInterrupt = 0;
        state.notifying = true;
        state.kept.clear();
        state.due = 0;
    }

    @Override
    public void restored() {
        boolean inside = state.nextAvailable >= 0 && state.nextUsed >= 0 && state.unpublished < state.size && state.unpublished >= -1;
        if (state.ready && (state.features == null || state.size < 1 || state.size > largest || !inside)) {
            throw new IllegalStateException("a queue of %d entries cannot be where it is".formatted(state.size));
        }
        if (state.kept.size() > (state.ready ? state.size : 0)) {
            throw new IllegalStateException("a queue of %d entries has put %d buffers aside".formatted(state.size, state.kept.size()));
        }
        if (state.ready) {
            check();
        }
    }

    private void check() {
        try {
            ring().check();
            state.kept.forEach(kept -> kept.chain(memory));
        } catch (QueueFault fault) {
            throw new IllegalStateException(fault.getMessage(), fault);
        }
    }

    /** Lets buffers be taken, those first that were {@link #keep kept}, or not any more: then {@link #poll} has none. Any thread. */
    public void open(boolean open) {
        if (open) {
            retry();
        }
        state.open = open;
    }

    private synchronized void retry() {
        state.due = state.kept.size();
    }

    // ---- taking, by one thread at a time --------------------------------------------------------------------------

    /**
     * Takes the next buffer that the driver offers. When there is none, the driver has been asked to notify of the next one.
     *
     * @return null if there is none
     * @throws QueueFault if the driver made something that is no buffer
     */
    public DescriptorChain poll() {
        if (!state.open) {
            return null;
        }
        DescriptorChain kept = nextKept();
        if (kept != null) {
            return kept;
        }
        Ring ring = ring();
        DescriptorChain chain = ring.next();
        if (chain == null && !state.notifying) {
            ring.notifications(true);
            state.notifying = true;
            VarHandle.fullFence(); // the driver adds a buffer, then looks whether to notify
            chain = ring.next();
        }
        if (chain != null && state.notifying) {
            ring.notifications(false);
            state.notifying = false;
        }
        return chain;
    }

    private synchronized DescriptorChain nextKept() {
        if (state.due == 0) {
            return null;
        }
        state.due--;
        return state.kept.removeFirst().chain(memory);
    }

    /** Takes the last {@link #poll} back, and called again, those before: the driver's buffer is on offer as if nobody had taken it. */
    public void unpoll(DescriptorChain chain) {
        if (chain.wasKept()) {
            keepFirst(chain);
        } else {
            ring().unget(chain.slots());
        }
    }

    private synchronized void keepFirst(DescriptorChain chain) {
        state.kept.addFirst(KeptChain.of(chain));
    }

    /** Puts a buffer aside, which can be given back neither now nor by {@link #unpoll}. It is taken again when the queue is opened the next time. Any thread. */
    public synchronized void keep(DescriptorChain chain) {
        state.kept.addLast(KeptChain.of(chain));
    }

    // ---- giving back, by any thread -------------------------------------------------------------------------------

    /** Gives a buffer back: its writable part holds data up to its position. */
    public synchronized void push(DescriptorChain chain) {
        ring().use(chain, chain.writable().done());
        ring().publish();
    }

    /** Gives buffers back that the driver must not see one by one. */
    public synchronized void push(List<DescriptorChain> chains) {
        for (DescriptorChain chain : chains) {
            ring().use(chain, chain.writable().done());
        }
        ring().publish();
    }

    /** Whether the driver wants an interrupt for what was given back since the last call. */
    public synchronized boolean interruptWanted() {
        return ring().interruptWanted();
    }
}
