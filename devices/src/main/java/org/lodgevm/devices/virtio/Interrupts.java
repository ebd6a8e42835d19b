package org.lodgevm.devices.virtio;

/** How a transport interrupts the driver. Any thread, perhaps with the locks of the caller held; returns at once. */
public interface Interrupts {
    void usedBuffers(int queue);

    void configurationChanged();
}
