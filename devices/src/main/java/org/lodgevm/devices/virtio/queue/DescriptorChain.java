package org.lodgevm.devices.virtio.queue;

/** A buffer that the driver lent: what the device may read, then what it may write. Whoever has it owns it. */
public final class DescriptorChain {
    /** Descriptors of one chain, an indirect table's included: no driver has reason to make longer ones. */
    static final int LONGEST = 1024;

    static final long MOST_BYTES = 1L << 32;

    private static final class State {
        int descriptors;
        int slots;
        int id;
        boolean kept;
    }

    private final State state = new State();
    private final DmaMemory memory;
    private final GuestBuffer readable;
    private final GuestBuffer writable;

    DescriptorChain(DmaMemory memory) {
        this.memory = memory;
        readable = new GuestBuffer(memory, false);
        writable = new GuestBuffer(memory, true);
    }

    // ---- while the ring puts it together --------------------------------------------------------------------------

    /** @throws QueueFault where the chain is no chain that a driver may make. @virtio 2.6.4.2, 2.7.4 */
    void add(Descriptor descriptor) {
        if (++state.descriptors > LONGEST) {
            throw new QueueFault("a chain has more than %d descriptors, or no end".formatted(LONGEST));
        }
        if (descriptor.is(Descriptor.WRITE)) {
            writable.add(descriptor.address(), descriptor.length());
        } else if (writable.remaining() > 0) {
            throw new QueueFault("a chain continues with a descriptor to read after one to write");
        } else {
            readable.add(descriptor.address(), descriptor.length());
        }
        if (readable.remaining() + writable.remaining() > MOST_BYTES) {
            throw new QueueFault("a chain has more than 4 GiB");
        }
    }

    /**
     * Adds the table that a descriptor refers to.
     *
     * @param packed whether its entries have the packed ring's format, and just follow each other, or are linked from the first on
     * @virtio 2.7.5.3, 2.8.7
     */
    void addIndirect(Descriptor descriptor, boolean packed) {
        if (descriptor.is(Descriptor.NEXT)) {
            throw new QueueFault("a descriptor of an indirect table continues in the ring");
        }
        long entries = descriptor.length() / Descriptor.SIZE;
        if (descriptor.length() % Descriptor.SIZE != 0 || entries == 0 || entries > LONGEST) {
            throw new QueueFault("an indirect table has %d bytes".formatted(descriptor.length()));
        }
        memory.require(descriptor.address(), descriptor.length(), false);
        addTable(descriptor.address(), (int) entries, packed);
    }

    private void addTable(long table, int entries, boolean packed) {
        int index = 0;
        boolean more = true;
        while (more) {
            if (index >= entries) {
                throw new QueueFault("an indirect table of %d entries goes on with entry %d".formatted(entries, index));
            }
            long gpa = table + (long) Descriptor.SIZE * index;
            Descriptor entry = packed ? Descriptor.ofPacked(memory, gpa) : Descriptor.ofSplit(memory, gpa);
            if (entry.is(Descriptor.INDIRECT)) {
                throw new QueueFault("an indirect table refers to another");
            }
            add(entry);
            more = packed ? index + 1 < entries : entry.is(Descriptor.NEXT);
            index = packed ? index + 1 : entry.next();
        }
    }

    /** How the ring knows the chain again: by its number, and the entries of the ring that it takes. */
    DescriptorChain identified(int id, int slots) {
        state.id = id;
        state.slots = slots;
        return this;
    }

    /** It has been put aside once. */
    DescriptorChain kept() {
        state.kept = true;
        return this;
    }

    boolean wasKept() {
        return state.kept;
    }

    int id() {
        return state.id;
    }

    int slots() {
        return state.slots;
    }

    // ---- the device's view ----------------------------------------------------------------------------------------

    /** What the driver sends. */
    public GuestBuffer readable() {
        return readable;
    }

    /** What the driver receives. */
    public GuestBuffer writable() {
        return writable;
    }
}
