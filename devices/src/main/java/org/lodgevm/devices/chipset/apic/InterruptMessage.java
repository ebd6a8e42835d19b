package org.lodgevm.devices.chipset.apic;

/**
 * An interrupt on its way to local APICs.
 *
 * @param destination APIC id, or for logical addressing a set of CPUs; {@link #BROADCAST} is all
 * @param level the sender waits for an end of interrupt
 */
record InterruptMessage(int destination, boolean logical, DeliveryMode mode, int vector, boolean level) {
    static final int BROADCAST = -1;

    private static final int BROADCAST_8 = 0xff;

    /** A message whose sender has an 8-bit destination field: an I/O APIC, a device, or a local APIC in xAPIC mode. */
    static InterruptMessage narrow(int destination, boolean logical, DeliveryMode mode, int vector, boolean level) {
        boolean all = destination == BROADCAST_8 && !logical;
        return new InterruptMessage(all ? BROADCAST : destination, logical, mode, vector, level);
    }
}
