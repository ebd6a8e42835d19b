package org.lodgevm.devices.chipset.apic;

import org.lodgevm.machine.MsrFault;

/** IA32_APIC_BASE: whether there is a local APIC, where its page is, and in which mode it works. Guarded by its local APIC. @sdm 11.4.3, 11.4.4 */
final class ApicBase {
    static final class State {
        long value;
    }

    static final int MSR = 0x1b;
    static final long DEFAULT_ADDRESS = 0xfee0_0000L;

    private static final long BSP = 1 << 8;
    private static final long EXTD = 1 << 10;
    private static final long ENABLE = 1 << 11;
    private static final long ADDRESS = -1L << 12;
    private static final long RESERVED_LOW = 0xff | 1 << 9;

    private final State state;
    private final long reserved;

    ApicBase(State state, int physicalAddressBits) {
        this.state = state;
        reserved = -1L << physicalAddressBits | RESERVED_LOW;
    }

    void reset(boolean bootstrap) {
        state.value = DEFAULT_ADDRESS | ENABLE | (bootstrap ? BSP : 0);
    }

    long value() {
        return state.value;
    }

    /** @throws MsrFault for reserved bits and for transitions between modes that the figure in the manual lacks. @sdm 11.12.5 */
    void value(long value) {
        boolean enable = (value & ENABLE) != 0;
        boolean extended = (value & EXTD) != 0;
        boolean illegal = extended && (!enable || !isEnabled()) || enable && !extended && isX2apic();
        if (illegal || (value & reserved) != 0) {
            throw MsrFault.INSTANCE;
        }
        state.value = value;
    }

    /** It had this value elsewhere. */
    void restore(long value) {
        state.value = value & ~reserved;
    }

    boolean isEnabled() {
        return (state.value & ENABLE) != 0;
    }

    boolean isX2apic() {
        return (state.value & EXTD) != 0;
    }

    boolean hasPage() {
        return isEnabled() && !isX2apic();
    }

    long pageAddress() {
        return state.value & ADDRESS;
    }
}
