package org.lodgevm.devices.virtio;

/** The driver, as a device's logic sees it. Any thread, with any lock held; returns at once. */
public interface Driver {
    /** The device is in use: between DRIVER_OK and a reset. */
    boolean running();

    /** Whether a feature of {@link DeviceLogic#features} was negotiated. */
    boolean has(long feature);

    /** Has a queue served soon, as if the driver had notified of it. Nothing happens unless the driver is {@link #running}. */
    void serve(int queue);

    /** Fields of the configuration space have other values now: the driver is told. */
    void configurationChanged();

    /** A line for the user. The device's name is put before it. */
    void log(String line);
}
