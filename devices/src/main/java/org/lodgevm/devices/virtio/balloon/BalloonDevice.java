package org.lodgevm.devices.virtio.balloon;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.DeviceType;
import org.lodgevm.devices.virtio.Driver;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.DmaMemory;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.machine.GuestMemory;

/** A balloon. Its queues are those that the negotiated features call for, in this order. @virtio 5.5 */
public final class BalloonDevice implements DeviceLogic {
    /** @virtio 5.5.3 */
    private static final class Feature {
        static final long STATS_VQ = 1 << 1;
        static final long DEFLATE_ON_OOM = 1 << 2;
        static final long PAGE_REPORTING = 1 << 5;
    }

    /** The configuration space, as far as there are fields of it. @virtio 5.5.4 */
    private static final class Configuration {
        static final int SIZE = 8;
        static final int NUM_PAGES = 0;
        static final int ACTUAL = 4;
    }

    private enum Role {
        INFLATE,
        DEFLATE,
        STATISTICS,
        REPORTING
    }

    private static final class State {
        int pages;
        int actual;
        /** What the driver said last. */
        final Map<Statistic, Long> statistics = new EnumMap<>(Statistic.class);
        /** The driver's buffer, which it gets back when the host wants statistics; guarded by the worker of its queue. */
        transient DescriptorChain held;

        boolean wanted;
        /** How often the driver said any. */
        transient int said;
    }

    private static final int QUEUE_SIZE = 128;
    private static final int PAGE = 4096;
    /** Page numbers that are looked at in one buffer: 64 MiB of memory. */
    private static final int MOST_NUMBERS = 1 << 14;

    private static final int STATISTIC_SIZE = 10;
    private static final int MOST_STATISTICS = 64;

    private final State state = new State();
    private final Driver driver;
    private final DmaMemory memory;

    public BalloonDevice(Driver driver, GuestMemory memory) {
        this.driver = driver;
        this.memory = new DmaMemory(memory);
    }

    @Override
    public DeviceType type() {
        return DeviceType.BALLOON;
    }

    @Override
    public long features() {
        return Feature.STATS_VQ | Feature.DEFLATE_ON_OOM | Feature.PAGE_REPORTING;
    }

    @Override
    public List<Integer> queueSizes() {
        return List.of(QUEUE_SIZE, QUEUE_SIZE, QUEUE_SIZE, QUEUE_SIZE);
    }

    /** @return null for a queue that this driver does not know */
    private Role role(int queue) {
        List<Role> roles = new ArrayList<>(List.of(Role.INFLATE, Role.DEFLATE));
        if (driver.has(Feature.STATS_VQ)) {
            roles.add(Role.STATISTICS);
        }
        if (driver.has(Feature.PAGE_REPORTING)) {
            roles.add(Role.REPORTING);
        }
        return queue < roles.size() ? roles.get(queue) : null;
    }

    // ---- the host's side ------------------------------------------------------------------------------------------

    /** How many bytes the host would like to have; whole pages of 4 KiB. */
    public void target(long bytes) {
        synchronized (this) {
            state.pages = (int) Math.min(bytes / PAGE, Integer.MAX_VALUE);
        }
        driver.configurationChanged();
    }

    /** How many bytes the guest does without. */
    public synchronized long actual() {
        return Integer.toUnsignedLong(state.actual) * PAGE;
    }

    /** How many bytes the host would like to have. */
    public synchronized long target() {
        return Integer.toUnsignedLong(state.pages) * PAGE;
    }

    /**
     * Asks the guest for statistics.
     *
     * @param patience how long to wait for them
     * @return those that the guest said last
     */
    public Map<Statistic, Long> statistics(Duration patience) throws InterruptedException {
        int before;
        synchronized (this) {
            before = state.said;
            state.wanted = true;
        }
        for (int queue = 0; queue < queueSizes().size(); queue++) {
            if (role(queue) == Role.STATISTICS) {
                driver.serve(queue);
            }
        }
        return statistics(before, System.nanoTime() + patience.toNanos());
    }

    private synchronized Map<Statistic, Long> statistics(int before, long deadline) throws InterruptedException {
        long left;
        while (state.said == before && driver.running() && (left = deadline - System.nanoTime()) > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return Map.copyOf(state.statistics);
    }

    // ---- the guest's side -------------------------------------------------------------------------------------------

    @Override
    public synchronized byte[] configuration() {
        return ByteBuffer.allocate(Configuration.SIZE).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Configuration.NUM_PAGES, state.pages).putInt(Configuration.ACTUAL, state.actual).array();
    }

    @Override
    public synchronized void configure(int offset, byte[] written) {
        if (offset == Configuration.ACTUAL && written.length == Integer.BYTES) {
            state.actual = ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN).getInt();
        }
    }

    @Override
    public synchronized void reset() {
        state.actual = 0;
        state.statistics.clear();
        state.held = null;
        state.wanted = false;
    }

    @Override
    public void giveBack(int queue, Virtqueue virtqueue) {
        if (role(queue) == Role.STATISTICS && state.held != null) {
            virtqueue.unpoll(state.held);
            state.held = null;
        }
    }

    @Override
    public void resetQueue(int queue) {
        if (role(queue) == Role.STATISTICS) {
            state.held = null;
        }
    }

    @Override
    public void serve(int queue, Virtqueue virtqueue) {
        switch (role(queue)) {
            case INFLATE -> forEach(virtqueue, this::inflate);
            case DEFLATE -> forEach(virtqueue, ignored -> {}); // a page is there again as soon as it is written to
            case STATISTICS -> exchange(virtqueue);
            case REPORTING -> report(virtqueue);
            case null -> {
                // of no meaning
            }
        }
    }

    private interface Use {
        void accept(GuestBuffer buffer);
    }

    private static void forEach(Virtqueue queue, Use use) {
        DescriptorChain chain;
        while ((chain = queue.poll()) != null) {
            use.accept(chain.readable());
            queue.push(chain);
        }
    }

    /** Page numbers, of which those that follow each other are freed together. */
    private void inflate(GuestBuffer numbers) {
        int count = (int) Math.min(MOST_NUMBERS, numbers.remaining() / Integer.BYTES);
        ByteBuffer bytes = ByteBuffer.wrap(numbers.read(count * Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        long start = 0;
        long end = 0;
        while (bytes.hasRemaining()) {
            long page = Integer.toUnsignedLong(bytes.getInt()) * PAGE;
            if (page != end) {
                memory.release(start, end - start);
                start = page;
            }
            end = page + PAGE;
        }
        memory.release(start, end - start);
    }

    /** The pages themselves are the buffers. @virtio 5.5.6.7 */
    private static void report(Virtqueue queue) {
        DescriptorChain chain;
        while ((chain = queue.poll()) != null) {
            chain.writable().release();
            queue.push(chain);
        }
    }

    /** The driver offers a buffer with statistics; getting it back asks for new ones. @virtio 5.5.6.3 */
    private void exchange(Virtqueue queue) {
        DescriptorChain chain;
        while ((chain = queue.poll()) != null) {
            note(chain.readable());
            if (state.held != null) {
                queue.push(state.held); // a driver has one only, in its own interest
            }
            state.held = chain;
        }
        if (state.held != null && takeWish()) {
            queue.push(state.held);
            state.held = null;
        }
    }

    private synchronized boolean takeWish() {
        boolean wanted = state.wanted;
        state.wanted = false;
        return wanted;
    }

    private synchronized void note(GuestBuffer from) {
        int count = (int) Math.min(MOST_STATISTICS, from.remaining() / STATISTIC_SIZE);
        ByteBuffer bytes = ByteBuffer.wrap(from.read(count * STATISTIC_SIZE)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int tag = Short.toUnsignedInt(bytes.getShort());
            long value = bytes.getLong();
            if (tag < Statistic.values().length) {
                state.statistics.put(Statistic.values()[tag], value);
            }
        }
        state.said++;
        notifyAll();
    }
}
