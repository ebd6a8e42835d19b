package org.lodgevm.devices.virtio;

import java.util.List;

/** The driver's side of a virtqueue in one of the two formats. Buffers have numbers that the driver chooses freely. */
interface DriverRing {
    /** A part of a buffer in memory. */
    record Part(long gpa, int length, boolean writable) {
        static final int NEXT = 1;
        static final int WRITE = 2;
        static final int INDIRECT = 4;

        int flags() {
            return writable ? WRITE : 0;
        }
    }

    /** A buffer that came back. */
    record Returned(int buffer, int written) {}

    long descriptorArea();

    long driverArea();

    long deviceArea();

    /** Room for so many more descriptors. */
    int room();

    /** Offers a buffer. @return the number by which the device gives it back */
    int offer(List<Part> parts, boolean indirect);

    /** The next buffer that came back, or null. */
    Returned take();

    /** Whether the device wants to be notified of what was offered since the last call. */
    boolean notificationWanted();

    /** Asks for an interrupt for the next buffer that comes back, or for none. */
    void interrupts(boolean wanted);
}
