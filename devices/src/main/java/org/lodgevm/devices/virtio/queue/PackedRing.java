package org.lodgevm.devices.virtio.queue;

import java.lang.invoke.VarHandle;

/** The format of one ring, in which available descriptors become used ones. @virtio 2.8 */
final class PackedRing implements Ring {
    private static final int AVAILABLE = 1 << 7;
    private static final int USED = 1 << 15;

    /** By which driver and device tell each other when to notify: an entry of the ring, then how. @virtio 2.8.10, 2.8.14 */
    private static final class EventSuppression {
        static final int SIZE = 4;
        static final int POSITION = 0;
        static final int WRAP = 1 << 15;
        static final int FLAGS = 2;

        static final int ENABLE = 0;
        static final int DISABLE = 1;
        static final int AT_POSITION = 2;
        static final int FLAG_BITS = 3;
    }

    private final DmaMemory memory;
    private final Ring.State state;

    PackedRing(DmaMemory memory, Ring.State state) {
        this.memory = memory;
        this.state = state;
    }

    /** @virtio 2.8.10.1 */
    @Override
    public void check() {
        if (state.descriptorArea % Descriptor.SIZE != 0
                || state.driverArea % EventSuppression.SIZE != 0
                || state.deviceArea % EventSuppression.SIZE != 0) {
            throw new QueueFault("the areas of a ring are not aligned");
        }
        memory.require(state.descriptorArea, (long) Descriptor.SIZE * state.size, true);
        memory.require(state.driverArea, EventSuppression.SIZE, false);
        memory.require(state.deviceArea, EventSuppression.SIZE, true);
    }

    private long slot(int index) {
        return state.descriptorArea + (long) Descriptor.SIZE * index;
    }

    /** @virtio 2.8.1 */
    private boolean isAvailable(Descriptor descriptor) {
        return descriptor.is(AVAILABLE) == state.availableWrap && descriptor.is(USED) != state.availableWrap;
    }

    @Override
    public DescriptorChain next() {
        Descriptor head = Descriptor.ofPackedRing(memory, slot(state.nextAvailable));
        if (!isAvailable(head)) {
            return null;
        }
        DescriptorChain chain = new DescriptorChain(memory);
        if (head.is(Descriptor.INDIRECT)) {
            if (!state.features.indirect()) {
                throw new QueueFault("an indirect descriptor, which was not negotiated");
            }
            chain.addIndirect(head, true);
            chain.identified(head.next(), 1);
        } else {
            walk(chain, head);
        }
        int following = state.nextAvailable + chain.slots();
        state.availableWrap ^= following >= state.size;
        state.nextAvailable = following % state.size;
        return chain;
    }

    /** The id is that of the last descriptor. @virtio 2.8.6 */
    private void walk(DescriptorChain chain, Descriptor head) {
        Descriptor last = head;
        int slots = 1;
        chain.add(last);
        while (last.is(Descriptor.NEXT)) {
            if (slots == state.size) {
                throw new QueueFault("a chain has more descriptors than the %d of its ring".formatted(state.size));
            }
            last = Descriptor.ofPackedRing(memory, slot((state.nextAvailable + slots++) % state.size));
            if (last.is(Descriptor.INDIRECT)) {
                throw new QueueFault("a chain in a packed ring refers to an indirect table");
            }
            chain.add(last);
        }
        chain.identified(last.next(), slots);
    }

    @Override
    public void unget(int slots) {
        int before = state.nextAvailable - slots;
        state.availableWrap ^= before < 0;
        state.nextAvailable = Math.floorMod(before, state.size);
    }

    @Override
    public void use(DescriptorChain chain, long written) {
        int flags = (written > 0 ? Descriptor.WRITE : 0) | (state.usedWrap ? AVAILABLE | USED : 0);
        Descriptor.use(memory, slot(state.nextUsed), chain.id(), written);
        if (state.unpublished < 0) {
            state.unpublished = state.nextUsed;
            state.unpublishedFlags = flags;
        } else {
            Descriptor.flags(memory, slot(state.nextUsed), flags);
        }
        int following = state.nextUsed + chain.slots();
        state.usedWrap ^= following >= state.size;
        state.nextUsed = following % state.size;
        state.usedSinceInterrupt += chain.slots();
    }

    /** The driver looks at entries in their order: the others are seen with the first. */
    @Override
    public void publish() {
        if (state.unpublished >= 0) {
            Descriptor.flags(memory, slot(state.unpublished), state.unpublishedFlags);
            state.unpublished = -1;
        }
    }

    @Override
    public void notifications(boolean wanted) {
        long gpa = state.deviceArea;
        if (wanted && state.features.eventIndex()) {
            memory.store16(gpa + EventSuppression.POSITION,
                    state.nextAvailable | (state.availableWrap ? EventSuppression.WRAP : 0));
            memory.store16(gpa + EventSuppression.FLAGS, EventSuppression.AT_POSITION);
        } else {
            memory.store16(gpa + EventSuppression.FLAGS, wanted ? EventSuppression.ENABLE : EventSuppression.DISABLE);
        }
    }

    @Override
    public boolean interruptWanted() {
        int used = state.usedSinceInterrupt;
        state.usedSinceInterrupt = 0;
        VarHandle.fullFence(); // the driver stores when it wants an interrupt, then looks at descriptors
        int flags = memory.load16(state.driverArea + EventSuppression.FLAGS) & EventSuppression.FLAG_BITS;
        if (flags != EventSuppression.AT_POSITION || !state.features.eventIndex()) {
            return used > 0 && flags != EventSuppression.DISABLE;
        }
        int event = memory.load16(state.driverArea + EventSuppression.POSITION);
        boolean eventWrap = (event & EventSuppression.WRAP) != 0;
        int passed = Math.floorMod(
                position(state.nextUsed, state.usedWrap) - position(event & ~EventSuppression.WRAP, eventWrap), 2 * state.size);
        return passed >= 1 && passed <= used;
    }

    /** Rounds with the wrap counter 1 and 0 take turns: a position among the entries of two rounds. */
    private int position(int index, boolean wrap) {
        return wrap ? index : index + state.size;
    }
}
