package org.lodgevm.devices.virtio;

import java.util.List;
import org.lodgevm.devices.virtio.queue.Virtqueue;
import org.lodgevm.machine.state.Stateful;

/**
 * What makes a virtio device the one it is.
 *
 * <p>A driver's register accesses call {@link #configuration}, {@link #configure}, {@link #start} and {@link #reset}, on a vCPU's
 * thread. {@link #serve} runs on a thread of each queue's own. An implementation guards what they share.
 */
public interface DeviceLogic extends AutoCloseable, Stateful {
    /** Makes the logic of a device for its only driver. */
    @FunctionalInterface
    interface Factory {
        DeviceLogic create(Driver driver);
    }

    DeviceType type();

    /** Feature bits of this kind of device that it offers. */
    long features();

    /** Whether what a driver chose of {@link #features} can be. */
    default boolean accepts(long chosen) {
        return true;
    }

    /** The largest size of each queue, hence how many there are. */
    List<Integer> queueSizes();

    /** The device-specific part of the configuration space, as it is now. Little-endian. */
    byte[] configuration();

    /** The driver writes to the configuration space; within {@link #configuration}, and only there. */
    default void configure(int offset, byte[] written) {}

    /** Features are negotiated, and the driver begins to use the device. Queues are served after this. */
    default void start() {}

    /**
     * Moves what there is to move by a queue, until the queue or the work is exhausted. Runs when the driver or {@link Driver#serve} asks
     * for it, never twice at once for one queue. It may wait for the host, but not for the guest, nor for long: a reset waits for it. What need
     * not hold up the queue is for {@link Driver#later}.
     *
     * @throws org.lodgevm.devices.virtio.queue.QueueFault to have the device reset
     */
    void serve(int queue, Virtqueue virtqueue);

    /**
     * Gives buffers that were taken and not yet used back to their queue, by {@link Virtqueue#unpoll}: the machine stands still, and its state
     * may be saved. When the queue is served again, they are taken again. No queue is served.
     */
    default void giveBack(int queue, Virtqueue virtqueue) {}

    /** A queue has been reset; its buffers are no longer the device's. */
    default void resetQueue(int queue) {}

    /** As after power-up. No queue is served. */
    default void reset() {}

    /** The machine's end: host resources that the logic opened are given up. Nothing is called after this. */
    @Override
    default void close() {}
}
