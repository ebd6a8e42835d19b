package org.lodgevm.devices.virtio.queue;

import java.util.stream.IntStream;

/**
 * A chain that was taken and could not be dealt with, as part of its queue's state: others, taken later, may have been given back, so that the ring
 * does not tell of it any more.
 *
 * @param readable ranges as address, length, address, and so on
 */
record KeptChain(int id, int slots, long[] readable, long[] writable) {
    KeptChain {
        if (id < 0 || id > 0xffff || slots < 1 || !areRanges(readable) || !areRanges(writable)) {
            throw new IllegalArgumentException("there can be no chain %d of %d entries like this".formatted(id, slots));
        }
    }

    private static boolean areRanges(long... numbers) {
        return numbers.length % 2 == 0 && IntStream.range(0, numbers.length / 2).allMatch(i -> numbers[2 * i + 1] > 0 && numbers[2 * i + 1] <= DescriptorChain.MOST_BYTES);
    }

    static KeptChain of(DescriptorChain chain) {
        return new KeptChain(chain.id(), chain.slots(), chain.readable().ranges(), chain.writable().ranges());
    }

    /** The chain as it was before anything was done with it. @throws QueueFault if it names memory where none is */
    DescriptorChain chain(DmaMemory memory) {
        DescriptorChain chain = new DescriptorChain(memory);
        chain.readable().addAll(readable);
        chain.writable().addAll(writable);
        return chain.identified(id, slots).kept();
    }
}
