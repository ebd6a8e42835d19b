package org.lodgevm.devices.virtio;

/** Bits by which driver and device tell each other how far they are. @virtio 2.1 */
public final class DeviceStatus {
    private DeviceStatus() {}

    public static final int ACKNOWLEDGE = 1;
    public static final int DRIVER = 1 << 1;
    public static final int DRIVER_OK = 1 << 2;
    public static final int FEATURES_OK = 1 << 3;
    /** Set by the device, which does nothing more until it is reset. */
    public static final int DEVICE_NEEDS_RESET = 1 << 6;

    public static final int FAILED = 1 << 7;

    /** What a driver sets. */
    static final int OF_DRIVER = ACKNOWLEDGE | DRIVER | DRIVER_OK | FEATURES_OK | FAILED;
}
