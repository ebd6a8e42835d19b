package org.lodgevm.vm;

/** A device that a machine has beside what every PC has. Each is a virtio device, on the machine's {@link VirtioTransport}. */
public sealed interface DeviceSpec {
    /** A source of random numbers: the host's. */
    record Entropy() implements DeviceSpec {}
}
