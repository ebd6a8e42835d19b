package org.lodgevm.devices.chipset.apic;

/** A value of the interrupt command register, in the layout of x2APIC mode: destination in 63:32. @sdm 11.6.1, 11.12.9 */
record InterruptCommand(long value) {
    static final int DELIVERY_STATUS = 1 << 12;
    static final int DEFINED = 0xc_cfff;
    static final long DESTINATION_FIELD = 0xffff_ffffL << 32;

    private static final int VECTOR = 0xff;
    private static final int LOGICAL = 1 << 11;
    private static final int ASSERT = 1 << 14;
    private static final int LEVEL = 1 << 15;
    private static final int SHORTHAND_SHIFT = 18;
    private static final int FIRST_LEGAL_VECTOR = 16;

    enum Shorthand {
        NONE,
        SELF,
        ALL_INCLUDING_SELF,
        ALL_EXCLUDING_SELF;

        private static final Shorthand[] ALL = values();
    }

    static InterruptCommand ofXapic(int destination, int low) {
        return new InterruptCommand((long) destination << 32 | low & 0xffff_ffffL);
    }

    DeliveryMode mode() {
        return DeliveryMode.of((int) value);
    }

    int vector() {
        return (int) value & VECTOR;
    }

    Shorthand shorthand() {
        return Shorthand.ALL[(int) value >> SHORTHAND_SHIFT & 3];
    }

    /** A level de-assert of INIT once synchronised arbitration ids; it reaches no CPU. */
    boolean isInitDeassert() {
        return mode() == DeliveryMode.INIT && (value & LEVEL) != 0 && (value & ASSERT) == 0;
    }

    boolean hasIllegalVector() {
        return mode().isVectored() && vector() < FIRST_LEGAL_VECTOR;
    }

    /** IPIs are edge-triggered whatever the trigger mode bit says. */
    InterruptMessage message(boolean x2apic) {
        int destination = (int) (value >>> 32);
        boolean logical = (value & LOGICAL) != 0;
        if (shorthand() != Shorthand.NONE) {
            return new InterruptMessage(InterruptMessage.BROADCAST, false, mode(), vector(), false);
        }
        return x2apic
                ? new InterruptMessage(destination, logical, mode(), vector(), false)
                : InterruptMessage.narrow(destination, logical, mode(), vector(), false);
    }
}
