package org.lodgevm.devices.virtio.queue;

/** The driver broke a rule; its device needs a reset. Stackless: the guest can cause it at will. */
public final class QueueFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what is wrong, to follow the device's name in the log */
    public QueueFault(String message) {
        super(message, null, false, false);
    }
}
