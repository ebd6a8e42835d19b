package org.lodgevm.devices.virtio.queue;

import java.util.ArrayList;
import java.util.List;

/** A format of virtqueues. Where a ring is in its areas stands in {@link State}, which both formats share. */
sealed interface Ring permits SplitRing, PackedRing {
    /** A virtqueue as its driver configured it, and how far the device has come. */
    final class State {
        int size;
        boolean ready;
        RingFeatures features;
        /** Buffers may be taken: cleared by whoever wants the device's thread to end. */
        transient volatile boolean open;

        long descriptorArea;
        long driverArea;
        long deviceArea;

        /** Where the next available buffer will be: in a split ring a counter of 16 bits, in a packed one an index. */
        int nextAvailable;

        /** A packed ring's wrap counters are 1 at first. @virtio 2.8.1 */
        boolean availableWrap = true;

        int nextUsed;
        boolean usedWrap = true;

        /** Of a packed ring: the first entry that was used and not yet published, or -1; and its flags. */
        int unpublished = -1;

        int unpublishedFlags;

        /** Entries used since the driver was last considered to need an interrupt. */
        int usedSinceInterrupt;

        /** Buffers that were taken, and that are to be taken again. */
        final List<KeptChain> kept = new ArrayList<>();

        /** How many of these may be taken now. */
        transient int due;

        /** The driver was asked to notify of new buffers; it does without being asked at first. */
        boolean notifying = true;
    }

    /** Whether areas and size are such that the ring can be. @throws QueueFault if not */
    void check();

    /** The next buffer that the driver offers, or null. @throws QueueFault */
    DescriptorChain next();

    /** The last entries that were taken, so many of them, will be the next again. */
    void unget(int slots);

    /** Gives a buffer back, which the driver sees after {@link #publish}. */
    void use(DescriptorChain chain, long written);

    /** Shows the driver all that was used, at once. */
    void publish();

    /** Asks the driver to notify of new buffers, or tells it that it need not. */
    void notifications(boolean wanted);

    /** Whether the driver wants an interrupt for what was used since the last call. */
    boolean interruptWanted();
}
