package org.lodgevm.devices.virtio.network;

/** @virtio 5.1.3 */
final class NetworkFeature {
    private NetworkFeature() {}

    static final long CSUM = 1;
    static final long GUEST_CSUM = 1L << 1;
    static final long CTRL_GUEST_OFFLOADS = 1L << 2;
    static final long MAC = 1L << 5;
    static final long GUEST_TSO4 = 1L << 7;
    static final long GUEST_TSO6 = 1L << 8;
    static final long HOST_TSO4 = 1L << 11;
    static final long HOST_TSO6 = 1L << 12;
    static final long MRG_RXBUF = 1L << 15;
    static final long STATUS = 1L << 16;
    static final long CTRL_VQ = 1L << 17;
    static final long CTRL_RX = 1L << 18;
    static final long CTRL_VLAN = 1L << 19;
    static final long CTRL_RX_EXTRA = 1L << 20;
    static final long GUEST_ANNOUNCE = 1L << 21;
    static final long MQ = 1L << 22;
    static final long CTRL_MAC_ADDR = 1L << 23;

    static final long OFFERED = CSUM | GUEST_CSUM | CTRL_GUEST_OFFLOADS | MAC | GUEST_TSO4 | GUEST_TSO6 | HOST_TSO4 | HOST_TSO6
            | MRG_RXBUF | STATUS | CTRL_VQ | CTRL_RX | CTRL_VLAN | CTRL_RX_EXTRA | GUEST_ANNOUNCE | MQ | CTRL_MAC_ADDR;

    /** What may be switched on and off while the device runs. */
    static final long SWITCHABLE_OFFLOADS = GUEST_CSUM | GUEST_TSO4 | GUEST_TSO6;

    private static final long NEEDS_CTRL_VQ = CTRL_RX | CTRL_VLAN | CTRL_RX_EXTRA | GUEST_ANNOUNCE | MQ | CTRL_MAC_ADDR | CTRL_GUEST_OFFLOADS;

    /** @virtio 5.1.3.1 */
    static boolean consistent(long chosen) {
        return requires(chosen, GUEST_TSO4 | GUEST_TSO6, GUEST_CSUM)
                && requires(chosen, HOST_TSO4 | HOST_TSO6, CSUM)
                && requires(chosen, NEEDS_CTRL_VQ, CTRL_VQ);
    }

    private static boolean requires(long chosen, long any, long other) {
        return (chosen & any) == 0 || (chosen & other) != 0;
    }
}
