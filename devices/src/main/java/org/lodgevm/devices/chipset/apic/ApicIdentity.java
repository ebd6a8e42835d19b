package org.lodgevm.devices.chipset.apic;

/** The names by which a local APIC is addressed. Guarded by its monitor. @sdm 11.6.2 */
final class ApicIdentity {
    static final class State {
        int id;
        /** LDR and DFR, which x2APIC mode does not use. */
        int logicalDestination;

        int destinationFormat;
    }

    private static final int FLAT_MODEL = 0xf;
    private static final int EVERY_MEMBER = 0xff;
    private static final int DFR_RESERVED = 0x0fff_ffff;
    private static final int LDR_ID = 0xff << 24;

    private final State state;

    ApicIdentity(State state) {
        this.state = state;
    }

    void reset() {
        state.logicalDestination = 0;
        state.destinationFormat = -1;
    }

    int id() {
        return state.id;
    }

    void id(int id) {
        state.id = id;
    }

    int logicalDestination() {
        return state.logicalDestination;
    }

    void logicalDestination(int ldr) {
        state.logicalDestination = ldr & LDR_ID;
    }

    int destinationFormat() {
        return state.destinationFormat;
    }

    void destinationFormat(int dfr) {
        state.destinationFormat = dfr | DFR_RESERVED;
    }

    /** LDR as x2APIC mode derives it: cluster in 31:16, one bit a member below. @sdm 11.12.10.2 */
    int x2apicLogicalDestination() {
        return state.id >> 4 << 16 | 1 << (state.id & 0xf);
    }

    boolean matches(InterruptMessage message, boolean x2apic) {
        int destination = message.destination();
        if (destination == InterruptMessage.BROADCAST) {
            return true;
        } else if (!message.logical()) {
            return destination == state.id;
        }
        return x2apic ? matchesX2apic(destination) : matchesXapic(destination & EVERY_MEMBER);
    }

    private boolean matchesX2apic(int destination) {
        int own = x2apicLogicalDestination();
        return destination >>> 16 == own >>> 16 && (destination & own & 0xffff) != 0;
    }

    private boolean matchesXapic(int destination) {
        int own = state.logicalDestination >>> 24;
        if (destination == EVERY_MEMBER) {
            return true;
        } else if (state.destinationFormat >>> 28 == FLAT_MODEL) {
            return (destination & own) != 0;
        }
        return destination >> 4 == own >> 4 && (destination & own & 0xf) != 0; // cluster model
    }
}
