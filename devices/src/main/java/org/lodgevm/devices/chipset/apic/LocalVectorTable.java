package org.lodgevm.devices.chipset.apic;

import java.util.Arrays;

/**
 * The local vector table's entries and the levels of the LINT pins that two of them describe. Guarded by its local APIC's
 * monitor. @sdm 11.5.1
 */
final class LocalVectorTable {
    static final int ENTRIES = 7;

    static final int VECTOR = 0xff;
    static final int DELIVERY_STATUS = 1 << 12;
    static final int REMOTE_IRR = 1 << 14;
    static final int LEVEL = 1 << 15;
    static final int MASKED = 1 << 16;
    private static final int DELIVERY_MODE = 7 << 8;
    private static final int POLARITY = 1 << 13;
    private static final int TIMER_MODE = 3 << 17;
    private static final int READ_ONLY = DELIVERY_STATUS | REMOTE_IRR;

    static final class State {
        /** CMCI, then timer to error in the order of their registers. */
        final int[] entries = new int[ENTRIES];
        /** LINT0 and LINT1 are asserted. */
        final boolean[] pins = new boolean[2];
    }

    private final State state;

    LocalVectorTable(State state) {
        this.state = state;
    }

    /** After reset, and as long as the APIC is disabled by software, every entry is masked. */
    void reset() {
        Arrays.fill(state.entries, MASKED);
    }

    void maskAll() {
        for (int i = 0; i < ENTRIES; i++) {
            state.entries[i] |= MASKED;
        }
    }

    /** Into a page's registers. */
    void save(int[] registers) {
        registers[ApicRegister.LVT_CMCI] = state.entries[0];
        System.arraycopy(state.entries, 1, registers, ApicRegister.LVT_TIMER, ENTRIES - 1);
    }

    /** One that the APIC had not elsewhere reads as zero there. */
    void restore(int[] registers) {
        for (int register = ApicRegister.LVT_TIMER; register <= ApicRegister.LVT_ERROR; register++) {
            state.entries[index(register)] = registers[register] & definedBits(register);
        }
        int cmci = registers[ApicRegister.LVT_CMCI];
        state.entries[0] = cmci == 0 ? MASKED : cmci & definedBits(ApicRegister.LVT_CMCI);
    }

    private static int index(int register) {
        return register == ApicRegister.LVT_CMCI ? 0 : register - ApicRegister.LVT_TIMER + 1;
    }

    /** Bits that exist in an entry, read-only ones included. */
    static int definedBits(int register) {
        int all = VECTOR | DELIVERY_STATUS | MASKED;
        return switch (register) {
            case ApicRegister.LVT_TIMER -> all | TIMER_MODE;
            case ApicRegister.LVT_ERROR -> all;
            case ApicRegister.LVT_LINT0, ApicRegister.LVT_LINT1 -> all | DELIVERY_MODE | POLARITY | REMOTE_IRR | LEVEL;
            default -> all | DELIVERY_MODE;
        };
    }

    int entry(int register) {
        return state.entries[index(register)];
    }

    void entry(int register, int value) {
        int kept = state.entries[index(register)] & READ_ONLY;
        int written = value & definedBits(register) & ~READ_ONLY;
        state.entries[index(register)] = (written & LEVEL) != 0 ? written | kept : written;
    }

    boolean isMasked(int register) {
        return (entry(register) & MASKED) != 0;
    }

    DeliveryMode mode(int register) {
        return DeliveryMode.of(entry(register));
    }

    boolean isAsserted(int lint) {
        return state.pins[lint];
    }

    /** @return whether the pin rose */
    boolean assertPin(int lint, boolean asserted) {
        boolean rising = asserted && !state.pins[lint];
        state.pins[lint] = asserted;
        return rising;
    }

    /** A level-triggered fixed interrupt that waits at a pin and was not sent yet: marks it sent. */
    boolean beginLevel(int lint) {
        int register = ApicRegister.LVT_LINT0 + lint;
        int entry = entry(register);
        boolean due = state.pins[lint] && isLevelFixed(entry) && (entry & (MASKED | REMOTE_IRR)) == 0;
        if (due) {
            state.entries[index(register)] |= REMOTE_IRR;
        }
        return due;
    }

    /** The service of a level-triggered vector has ended. */
    void endLevel(int vector) {
        for (int register = ApicRegister.LVT_LINT0; register <= ApicRegister.LVT_LINT1; register++) {
            if ((entry(register) & VECTOR) == vector) {
                state.entries[index(register)] &= ~REMOTE_IRR;
            }
        }
    }

    static boolean isLevelFixed(int entry) {
        return (entry & LEVEL) != 0 && DeliveryMode.of(entry) == DeliveryMode.FIXED;
    }
}
