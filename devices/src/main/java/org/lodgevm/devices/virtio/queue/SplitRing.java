package org.lodgevm.devices.virtio.queue;

import java.lang.invoke.VarHandle;

/** The original format: a table of descriptors, a ring for each direction. @virtio 2.7 */
final class SplitRing implements Ring {
    /** The ring by which the driver offers buffers. @virtio 2.7.6 */
    private static final class Available {
        static final int FLAGS = 0;
        static final int INDEX = 2;
        static final int RING = 4;
        static final int NO_INTERRUPT = 1;
    }

    /** The ring by which the device returns them. @virtio 2.7.8 */
    private static final class Used {
        static final int FLAGS = 0;
        static final int INDEX = 2;
        static final int RING = 4;
        static final int ENTRY = 8;
        static final int LENGTH = 4;
        static final int NO_NOTIFY = 1;
    }

    private static final int COUNTER = 0xffff;

    private final DmaMemory memory;
    private final Ring.State state;

    SplitRing(DmaMemory memory, Ring.State state) {
        this.memory = memory;
        this.state = state;
    }

    /** @virtio 2.7 */
    @Override
    public void check() {
        if (Integer.bitCount(state.size) != 1) {
            throw new QueueFault("a split ring has %d entries, no power of two".formatted(state.size));
        }
        if (state.descriptorArea % Descriptor.SIZE != 0 || state.driverArea % Short.BYTES != 0 || state.deviceArea % Integer.BYTES != 0) {
            throw new QueueFault("the areas of a ring are not aligned");
        }
        memory.require(state.descriptorArea, (long) Descriptor.SIZE * state.size, false);
        memory.require(state.driverArea, Available.RING + (long) Short.BYTES * (state.size + 1), false);
        memory.require(state.deviceArea, Used.RING + (long) Used.ENTRY * state.size + Short.BYTES, true);
    }

    private int offered() {
        int offered = memory.load16(state.driverArea + Available.INDEX) - state.nextAvailable & COUNTER;
        if (offered > state.size) {
            throw new QueueFault("a ring of %d entries offers %d".formatted(state.size, offered));
        }
        return offered;
    }

    @Override
    public DescriptorChain next() {
        if (offered() == 0) {
            return null;
        }
        int head = memory.load16(state.driverArea + Available.RING + Short.BYTES * (state.nextAvailable & state.size - 1));
        DescriptorChain chain = walk(head);
        state.nextAvailable = state.nextAvailable + 1 & COUNTER;
        return chain.identified(head, 1);
    }

    private DescriptorChain walk(int head) {
        DescriptorChain chain = new DescriptorChain(memory);
        int index = head;
        boolean more = true;
        while (more) {
            if (index >= state.size) {
                throw new QueueFault("a table of %d descriptors has no descriptor %d".formatted(state.size, index));
            }
            Descriptor descriptor = Descriptor.ofSplit(memory, state.descriptorArea + (long) Descriptor.SIZE * index);
            if (!descriptor.is(Descriptor.INDIRECT)) {
                chain.add(descriptor);
            } else if (state.features.indirect()) {
                chain.addIndirect(descriptor, false);
            } else {
                throw new QueueFault("an indirect descriptor, which was not negotiated");
            }
            more = descriptor.is(Descriptor.NEXT);
            index = descriptor.next();
        }
        return chain;
    }

    @Override
    public void unget(int slots) {
        state.nextAvailable = state.nextAvailable - slots & COUNTER;
    }

    @Override
    public void use(DescriptorChain chain, long written) {
        long entry = state.deviceArea + Used.RING + (long) Used.ENTRY * (state.nextUsed & state.size - 1);
        memory.store32(entry, chain.id());
        memory.store32(entry + Used.LENGTH, (int) written);
        state.nextUsed = state.nextUsed + 1 & COUNTER;
        state.usedSinceInterrupt++;
    }

    @Override
    public void publish() {
        memory.store16(state.deviceArea + Used.INDEX, state.nextUsed);
    }

    /** @virtio 2.7.10 */
    @Override
    public void notifications(boolean wanted) {
        if (!state.features.eventIndex()) {
            memory.store16(state.deviceArea + Used.FLAGS, wanted ? 0 : Used.NO_NOTIFY);
        } else if (wanted) {
            memory.store16(state.deviceArea + Used.RING + (long) Used.ENTRY * state.size, state.nextAvailable);
        }
    }

    /** @virtio 2.7.7 */
    @Override
    public boolean interruptWanted() {
        int used = state.usedSinceInterrupt;
        state.usedSinceInterrupt = 0;
        VarHandle.fullFence(); // the driver stores where it wants an interrupt, then looks at the index
        if (!state.features.eventIndex()) {
            return used > 0 && (memory.load16(state.driverArea + Available.FLAGS) & Available.NO_INTERRUPT) == 0;
        }
        int event = memory.load16(state.driverArea + Available.RING + (long) Short.BYTES * state.size);
        int passed = state.nextUsed - event & COUNTER;
        return passed >= 1 && passed <= used;
    }
}
