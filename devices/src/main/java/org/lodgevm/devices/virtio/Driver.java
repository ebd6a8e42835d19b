package org.lodgevm.devices.virtio;

import java.util.function.BooleanSupplier;
import org.lodgevm.devices.virtio.queue.DescriptorChain;

/** The driver, as a device's logic sees it. Any thread, with any lock held, unless it says otherwise; returns at once. */
public interface Driver {
    /** The device is in use: between DRIVER_OK and a reset. */
    boolean running();

    /** Whether a feature of {@link DeviceLogic#features} was negotiated. */
    boolean has(long feature);

    /** Has a queue served soon, as if the driver had notified of it. Nothing happens unless the driver is {@link #running}. */
    void serve(int queue);

    /**
     * Has what a buffer asks for done beside other such work of its queue, once {@link DeviceLogic#serve} has returned, and gives the buffer back after
     * that. Only for who serves the queue. A pause or reset waits for what was begun; what was not is on offer again.
     *
     * @param work as {@link DeviceLogic#serve}, it may wait for the host, and a {@code QueueFault} has the device reset. It returns whether the buffer has been
     *     dealt with; one that has not is on offer again after the next pause
     */
    void later(int queue, DescriptorChain chain, BooleanSupplier work);

    /** Fields of the configuration space have other values now: the driver is told. */
    void configurationChanged();

    /** A line for the user. The device's name is put before it. */
    void log(String line);
}
