package org.lodgevm.devices.virtio;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.DmaMemory;
import org.lodgevm.devices.virtio.queue.QueueFault;
import org.lodgevm.devices.virtio.queue.RingFeatures;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.machine.GuestMemory;

/** What all virtio devices have in common, as a transport needs it: status, features, queues. @virtio 2, 3 */
public final class VirtioDevice implements AutoCloseable {
    private static final class State {
        /** Bits of {@link DeviceStatus}. */
        volatile int status;

        volatile long driverFeatures;
        final AtomicInteger generation = new AtomicInteger();
        /** The machine stands still, so no queue is served. */
        transient boolean paused;

        /** The bus keeps the device from memory, so no queue is served either. */
        boolean barred;

        /** Changes while no worker serves. */
        transient int resets;

        /** Since the machine was made. */
        transient int faults;
    }

    /** A guest can make a device fail over and over. */
    private static final int FAULTS_LOGGED = 10;

    private final State state = new State();
    private final String name;
    private final DeviceLogic logic;
    private final Interrupts interrupts;
    private final Consumer<String> log;
    private final List<QueueWorker> workers;

    /** @param name for threads and log lines: {@code virtio-blk 1} */
    public VirtioDevice(String name, DeviceLogic.Factory factory, GuestMemory memory, Interrupts interrupts, Consumer<String> log) {
        this.name = name;
        this.interrupts = interrupts;
        this.log = log;
        this.logic = factory.create(new Link());
        DmaMemory dma = new DmaMemory(memory);
        List<Integer> sizes = logic.queueSizes();
        workers = IntStream.range(0, sizes.size()).mapToObj(i -> worker(i, new Virtqueue(dma, sizes.get(i)))).toList();
    }

    private QueueWorker worker(int index, Virtqueue queue) {
        return new QueueWorker("%s queue %d".formatted(name, index), queue, () -> serve(index, queue));
    }

    /** @return null, or what makes the device fail */
    private Runnable serve(int index, Virtqueue queue) {
        return attempt(index, () -> {
            logic.serve(index, queue);
            interruptIfWanted(index, queue);
        });
    }

    /** @return as {@link #serve} */
    private Runnable perform(int index, Virtqueue queue, DescriptorChain chain, BooleanSupplier work) {
        return attempt(index, () -> {
            if (work.getAsBoolean()) {
                queue.push(chain);
                interruptIfWanted(index, queue);
            } else {
                queue.keep(chain);
            }
        });
    }

    private void interruptIfWanted(int index, Virtqueue queue) {
        if (queue.interruptWanted()) {
            interrupts.usedBuffers(index);
        }
    }

    private Runnable attempt(int index, Runnable work) {
        try {
            work.run();
            return null;
        } catch (QueueFault fault) {
            return failure(index, fault.getMessage());
        } catch (RuntimeException e) {
            return failure(index, "internal error: " + e); // ours, but only this device ends
        }
    }

    private Runnable failure(int index, String why) {
        int resets = state.resets;
        return () -> failUnlessReset(resets, "queue %d: %s".formatted(index, why));
    }

    private final class Link implements Driver {
        @Override
        public boolean running() {
            return isRunning();
        }

        @Override
        public boolean has(long feature) {
            return (state.driverFeatures & feature) != 0;
        }

        @Override
        public void serve(int queue) {
            notified(queue);
        }

        @Override
        public void later(int queue, DescriptorChain chain, BooleanSupplier work) {
            QueueWorker worker = workers.get(queue);
            worker.later(new Hands.Task(chain, () -> perform(queue, worker.queue(), chain, work)));
        }

        @Override
        public void configurationChanged() {
            state.generation.incrementAndGet();
            if (isRunning()) {
                interrupts.configurationChanged();
            }
        }

        @Override
        public void log(String line) {
            log.accept(name + ": " + line);
        }
    }

    public DeviceType type() {
        return logic.type();
    }

    // ---- status -----------------------------------------------------------------------------------------------------

    /** Bits of {@link DeviceStatus}. */
    public int status() {
        return state.status;
    }

    private boolean isRunning() {
        return (state.status & (DeviceStatus.DRIVER_OK | DeviceStatus.DEVICE_NEEDS_RESET)) == DeviceStatus.DRIVER_OK;
    }

    /** The driver sets bits, or resets the device by clearing all. It can clear none alone. */
    public synchronized void status(int written) {
        if (written == 0) {
            reset();
            return;
        }
        int added = written & DeviceStatus.OF_DRIVER & ~state.status;
        if ((added & DeviceStatus.FEATURES_OK) != 0 && !acceptable()) {
            added &= ~DeviceStatus.FEATURES_OK; // the driver reads the status again to see this
        }
        if (((state.status | added) & DeviceStatus.FEATURES_OK) == 0 && (added & DeviceStatus.DRIVER_OK) != 0) {
            fail("the driver starts the device without having agreed on features");
            return;
        }
        state.status = state.status | added;
        if ((added & DeviceStatus.DRIVER_OK) != 0 && isRunning()) {
            logic.start();
            startWorkers();
        }
    }

    private boolean isServing() {
        return isRunning() && !state.paused && !state.barred;
    }

    private void startWorkers() {
        if (isServing()) {
            workers.stream().filter(worker -> worker.queue().ready()).forEach(QueueWorker::start);
        }
    }

    /** Back to the state after power-up. On return nothing touches the guest's memory any more. */
    public synchronized void reset() {
        state.status = state.status & ~DeviceStatus.DRIVER_OK;
        for (QueueWorker worker : workers) {
            worker.stop();
            worker.queue().reset();
        }
        state.resets++;
        logic.reset();
        state.driverFeatures = 0;
        state.status = 0; // only now: the driver waits for it
    }

    /** A reset may have come between a worker's fault and this. */
    private synchronized void failUnlessReset(int resets, String why) {
        if (resets == state.resets) {
            fail(why);
        }
    }

    /** The driver broke a rule. @virtio 2.1.2 */
    private synchronized void fail(String why) {
        if (++state.faults <= FAULTS_LOGGED) {
            log.accept("%s needs a reset: %s%s".formatted(
                    name, why, state.faults == FAULTS_LOGGED ? " (and no more of this in the log)" : ""));
        }
        boolean wasRunning = isRunning();
        state.status = state.status | DeviceStatus.DEVICE_NEEDS_RESET;
        workers.forEach(QueueWorker::stop);
        if (wasRunning) {
            interrupts.configurationChanged();
        }
    }

    // ---- features ---------------------------------------------------------------------------------------------------

    private long offered() {
        return Feature.OFFERED | logic.features();
    }

    /** Features 32 to 63 for {@code select} 1, 0 to 31 for 0; there are no others. @virtio 2.2 */
    public int offeredFeatures(int select) {
        return word(offered(), select);
    }

    /** What the driver chose. */
    public int driverFeatures(int select) {
        return word(state.driverFeatures, select);
    }

    private static int word(long features, int select) {
        return select == 0 ? (int) features : select == 1 ? (int) (features >>> Integer.SIZE) : 0;
    }

    /** Ignored after negotiation. */
    public synchronized void driverFeatures(int select, int word) {
        if ((state.status & DeviceStatus.FEATURES_OK) == 0 && (select == 0 || select == 1)) {
            int shift = Integer.SIZE * select;
            state.driverFeatures = state.driverFeatures & ~(0xffff_ffffL << shift) | (word & 0xffff_ffffL) << shift;
        }
    }

    private boolean acceptable() {
        long chosen = state.driverFeatures;
        return (chosen & ~offered()) == 0 && (chosen & Feature.VERSION_1) != 0 && logic.accepts(chosen);
    }

    // ---- queues -----------------------------------------------------------------------------------------------------

    public int queues() {
        return workers.size();
    }

    /** To configure it; null if there is none of this number. */
    public Virtqueue queue(int index) {
        return index >= 0 && index < workers.size() ? workers.get(index).queue() : null;
    }

    /** The driver has configured a queue. */
    public synchronized void enableQueue(int index) {
        long chosen = state.driverFeatures;
        try {
            workers.get(index).queue().enable(new RingFeatures(
                    (chosen & Feature.RING_PACKED) != 0, (chosen & Feature.INDIRECT_DESC) != 0, (chosen & Feature.EVENT_IDX) != 0));
        } catch (QueueFault fault) {
            fail("queue %d: %s".formatted(index, fault.getMessage()));
            return;
        }
        if (isServing()) {
            workers.get(index).start();
        }
    }

    /** On return the queue's memory is not used any more. @virtio 2.6.1 */
    public synchronized void resetQueue(int index) {
        workers.get(index).stop();
        workers.get(index).queue().reset();
        logic.resetQueue(index);
    }

    /** The driver says that there is something in a queue. Cheap, on whatever thread. */
    public void notified(int index) {
        if (isRunning() && index >= 0 && index < workers.size()) {
            workers.get(index).request();
        }
    }

    // ---- configuration space ----------------------------------------------------------------------------------------

    /** Differs when fields may have changed together. @virtio 2.5.1 */
    public int configurationGeneration() {
        return state.generation.get() & 0xff;
    }

    /** Little-endian; zeros beyond the end. */
    public long readConfiguration(long offset, int size) {
        byte[] all = logic.configuration();
        long value = 0;
        for (int i = 0; i < size && offset + i < all.length; i++) {
            value |= (all[(int) offset + i] & 0xffL) << Byte.SIZE * i;
        }
        return value;
    }

    /** Ignored unless all of it is within. */
    public void writeConfiguration(long offset, int size, long value) {
        if (offset + size > logic.configuration().length) {
            return;
        }
        byte[] written = new byte[size];
        for (int i = 0; i < size; i++) {
            written[i] = (byte) (value >> Byte.SIZE * i);
        }
        logic.configure((int) offset, written);
    }

    /** Whether a bus lets the device at memory; as long as nobody says so, it does. When it is barred, nothing touches memory on return. */
    public synchronized void busMaster(boolean allowed) {
        if (state.barred != allowed) {
            return;
        }
        state.barred = !allowed;
        if (allowed) {
            startWorkers();
        } else {
            workers.forEach(QueueWorker::stop);
        }
    }

    // ---- the machine's life -----------------------------------------------------------------------------------------

    /** On return nothing touches the guest's memory until {@link #resume}. */
    public synchronized void pause() {
        state.paused = true;
        workers.forEach(QueueWorker::stop);
        for (int i = 0; i < workers.size(); i++) {
            if (queue(i).ready()) {
                logic.giveBack(i, queue(i));
            }
        }
    }

    public synchronized void resume() {
        state.paused = false;
        startWorkers();
    }

    @Override
    public synchronized void close() {
        reset();
        logic.close();
    }
}
