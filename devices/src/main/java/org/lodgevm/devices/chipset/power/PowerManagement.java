package org.lodgevm.devices.chipset.power;

import org.lodgevm.devices.chipset.timer.Oscillator;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.PowerControl;

/** The ACPI block: PM1 event and control registers, the 24-bit PM timer, GPE0. Registers may be accessed in any width. */
public final class PowerManagement implements IoRegion {
    static final class State {
        int pm1Status;
        int pm1Enable;
        int pm1Control;
        long gpe0Status;
        long gpe0Enable;
        /** How often the timer's uppermost bit had changed when {@link Pm1#TIMER} was last brought up to date. */
        long seenCarries;
    }

    /** Offsets. ICH9 13.8.3 */
    private static final int PM1_STS = 0x00;

    private static final int PM1_EN = 0x02;
    private static final int PM1_CNT = 0x04;
    private static final int PM_TMR = 0x08;
    private static final int GPE0_STS = 0x20;
    private static final int GPE0_EN = 0x28;
    private static final int SMI_EN = 0x30;

    /** Bits of PM1_STS and PM1_EN. @acpi 4.8.3.1 */
    private static final class Pm1 {
        static final int TIMER = 1;
        static final int GLOBAL = 1 << 5;
        static final int POWER_BUTTON = 1 << 8;
        static final int RTC = 1 << 10;
        static final int WAKE = 1 << 15;
        static final int ENABLES = TIMER | GLOBAL | POWER_BUTTON | RTC;
    }

    /** Bits of PM1_CNT. @acpi 4.8.3.2 */
    private static final class Control {
        static final int SCI_ENABLE = 1;
        static final int BUS_MASTER_RELOAD = 1 << 1;
        static final int SLEEP_TYPE_SHIFT = 10;
        static final int SLEEP_TYPE = 7 << SLEEP_TYPE_SHIFT;
        static final int SLEEP_ENABLE = 1 << 13;
        static final int KEPT = SCI_ENABLE | BUS_MASTER_RELOAD | SLEEP_TYPE;
    }

    /** Soft-off by QEMU's and OVMF's number; then S4 and S5 by the ICH9's. */
    private static final int SLEEP_TYPE_OFF = 0;

    private static final int SLEEP_TYPE_S4 = 6;
    private static final int SLEEP_TYPE_S5 = 7;

    /** SMIs on APM accesses are enabled: firmware takes it that system management mode was set up and asks for no more. */
    private static final int SMI_EN_APMC = 1 << 5;

    private static final int TIMER_MASK = 0xff_ffff;
    /** Log2 of the ticks between changes of the timer's uppermost bit. */
    private static final int CARRY_SHIFT = 23;

    final State state = new State();
    private final Clock clock;
    private final Oscillator oscillator;
    private final IrqLine sci;
    private final PowerControl power;
    private final Clock.Timer carry;

    public PowerManagement(Clock clock, Oscillator oscillator, IrqLine sci, PowerControl power) {
        this.clock = clock;
        this.oscillator = oscillator;
        this.sci = sci;
        this.power = power;
        this.carry = clock.timer(this::carried);
    }

    public synchronized void reset() {
        state.pm1Status = 0;
        state.pm1Enable = 0;
        state.pm1Control = 0;
        state.gpe0Status = 0;
        state.gpe0Enable = 0;
        state.seenCarries = ticks() >> CARRY_SHIFT;
        update();
    }

    /** Lets events raise the system control interrupt, or not: SCI_EN. */
    synchronized void acpi(boolean enabled) {
        state.pm1Control = enabled ? state.pm1Control | Control.SCI_ENABLE : state.pm1Control & ~Control.SCI_ENABLE;
        update();
    }

    /** Someone pressed it. The guest hears of it if its ACPI driver listens. @acpi 4.8.2.2.1 */
    public synchronized void pressPowerButton() {
        state.pm1Status |= Pm1.POWER_BUTTON;
        update();
    }

    /** A general-purpose event has happened. @acpi 4.8.4.1 */
    public synchronized void event(int number) {
        state.gpe0Status |= 1L << number;
        update();
    }

    // ---- the timer ------------------------------------------------------------------------------------------------

    private long ticks() {
        return oscillator.ticks(clock.nanos());
    }

    /** Sets the timer's status bit if its uppermost bit has changed since. */
    private void collectCarry() {
        long carries = ticks() >> CARRY_SHIFT;
        if (carries != state.seenCarries) {
            state.seenCarries = carries;
            state.pm1Status |= Pm1.TIMER;
        }
    }

    private synchronized void carried() {
        collectCarry();
        update();
    }

    /** Drives the interrupt from status and enable bits, and waits for the timer's carry only if that would interrupt. */
    private void update() {
        boolean active = (state.pm1Status & state.pm1Enable & Pm1.ENABLES) != 0 || (state.gpe0Status & state.gpe0Enable) != 0;
        sci.set(active && (state.pm1Control & Control.SCI_ENABLE) != 0);
        if ((state.pm1Enable & ~state.pm1Status & Pm1.TIMER) != 0) {
            carry.arm(oscillator.nanosAt(state.seenCarries + 1 << CARRY_SHIFT));
        } else {
            carry.cancel();
        }
    }

    // ---- registers ------------------------------------------------------------------------------------------------

    @Override
    public synchronized long read(long offset, int size) {
        collectCarry();
        long timer = ticks() & TIMER_MASK;
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (readByte((int) offset + i, timer) & 0xff) << 8 * i;
        }
        update();
        return value;
    }

    private long readByte(int offset, long timer) {
        return switch (offset & ~1) {
            case PM1_STS -> state.pm1Status >> 8 * (offset - PM1_STS);
            case PM1_EN -> state.pm1Enable >> 8 * (offset - PM1_EN);
            case PM1_CNT -> state.pm1Control >> 8 * (offset - PM1_CNT);
            case PM_TMR, PM_TMR + 2 -> timer >> 8 * (offset - PM_TMR);
            case SMI_EN -> SMI_EN_APMC >> 8 * (offset - SMI_EN);
            default -> isGpe0(offset, GPE0_STS) ? state.gpe0Status >> 8 * (offset - GPE0_STS)
                    : isGpe0(offset, GPE0_EN) ? state.gpe0Enable >> 8 * (offset - GPE0_EN)
                    : 0;
        };
    }

    private static boolean isGpe0(int offset, int register) {
        return offset >= register && offset < register + Long.BYTES;
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        collectCarry();
        for (int i = 0; i < size; i++) {
            writeByte((int) offset + i, (int) (value >> 8 * i) & 0xff);
        }
        update();
    }

    private void writeByte(int offset, int value) {
        int shift = 8 * (offset & 1);
        int others = ~(0xff << shift);
        switch (offset & ~1) {
            case PM1_STS -> state.pm1Status &= ~(value << shift);
            case PM1_EN -> state.pm1Enable = (state.pm1Enable & others | value << shift) & Pm1.ENABLES;
            case PM1_CNT -> writeControl(state.pm1Control & others | value << shift);
            default -> {
                if (isGpe0(offset, GPE0_STS)) {
                    state.gpe0Status &= ~((long) value << 8 * (offset - GPE0_STS));
                } else if (isGpe0(offset, GPE0_EN)) {
                    int at = 8 * (offset - GPE0_EN);
                    state.gpe0Enable = state.gpe0Enable & ~(0xffL << at) | (long) value << at;
                }
            }
        }
    }

    private void writeControl(int value) {
        state.pm1Control = value & Control.KEPT;
        if ((value & Control.SLEEP_ENABLE) != 0) {
            sleep((value & Control.SLEEP_TYPE) >> Control.SLEEP_TYPE_SHIFT);
        }
    }

    /** From a state that the machine does not offer it wakes at once. */
    private void sleep(int type) {
        switch (type) {
            case SLEEP_TYPE_OFF, SLEEP_TYPE_S4, SLEEP_TYPE_S5 -> power.powerOff();
            default -> state.pm1Status |= Pm1.WAKE;
        }
    }
}
