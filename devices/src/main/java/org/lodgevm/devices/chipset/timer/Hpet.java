package org.lodgevm.devices.chipset.timer;

import java.util.List;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/**
 * The high precision event timer: a 64-bit counter at 100 MHz and three comparators, all able to be periodic, without FSB
 * delivery. Source: Intel IA-PC HPET specification 1.0a, cited as {@code @hpet}.
 *
 * <p>It also is the switch between the PIT and RTC interrupts and its own, which replace them in legacy replacement mode.
 */
public final class Hpet implements IoRegion {
    public static final int SIZE = 0x400;
    private static final int TIMERS = 3;

    static final class State {
        long configuration;
        /** One bit per level-triggered timer with an interrupt active. */
        long interrupts;
        /** The main counter when it was last written, halted or started, and when that was. */
        long counter;

        long counterSince;
        /** Outputs of the PIT and RTC, which legacy replacement disconnects. */
        boolean pit;

        boolean rtc;
        final HpetTimer.State[] timers = {new HpetTimer.State(), new HpetTimer.State(), new HpetTimer.State()};
    }

    /** Register offsets. @hpet 2.3.1 */
    private static final int CAPABILITIES = 0x000;

    private static final int CONFIGURATION = 0x010;
    private static final int INTERRUPT_STATUS = 0x020;
    private static final int MAIN_COUNTER = 0x0f0;
    private static final int FIRST_TIMER = 0x100;
    private static final int TIMER_STRIDE = 0x20;
    private static final int TIMER_CONFIGURATION = 0x00;
    private static final int TIMER_COMPARATOR = 0x08;

    private static final long ENABLE = 1;
    private static final long LEGACY_REPLACEMENT = 1 << 1;

    /** Vendor 8086, legacy capable, 64 bits, three timers, revision 1. */
    private static final long IDENTITY = 0x8086_0000L | 1 << 15 | 1 << 13 | TIMERS - 1 << 8 | 1;

    private static final long FEMTOSECONDS = 1_000_000_000_000_000L;

    final State state = new State();
    private final HpetTimer[] timers = new HpetTimer[TIMERS];
    private final Clock clock;
    private final Oscillator oscillator;
    private final IrqLine irq0;
    private final IrqLine irq8;
    private final List<IrqLine> pins;
    private final Clock.Timer timer;

    /**
     * @param irq0 where the PIT's or timer 0's interrupt goes
     * @param irq8 where the RTC's or timer 1's interrupt goes
     * @param pins I/O APIC pins
     * @param routes which of the pins the timers may use, one bit a pin
     */
    public Hpet(Clock clock, Oscillator oscillator, IrqLine irq0, IrqLine irq8, List<IrqLine> pins, int routes) {
        this.clock = clock;
        this.oscillator = oscillator;
        this.irq0 = irq0;
        this.irq8 = irq8;
        this.pins = List.copyOf(pins);
        this.timer = clock.timer(this::timerFired);
        for (int i = 0; i < TIMERS; i++) {
            timers[i] = new HpetTimer(state.timers[i], routes, oscillator.ticks(Oscillator.SHORTEST_PERIOD));
        }
    }

    public synchronized void reset() {
        clearInterrupts(state.interrupts);
        state.configuration = 0;
        state.counter = 0;
        for (HpetTimer each : timers) {
            each.reset();
        }
        connectLegacy();
        schedule();
    }

    // ---- legacy replacement. @hpet 2.3.5 -----------------------------------------------------------------------------

    public IrqLine pitOutput() {
        return this::setPit;
    }

    public IrqLine rtcOutput() {
        return this::setRtc;
    }

    private synchronized void setPit(boolean asserted) {
        state.pit = asserted;
        connectLegacy();
    }

    private synchronized void setRtc(boolean asserted) {
        state.rtc = asserted;
        connectLegacy();
    }

    private boolean replacesLegacy() {
        return (state.configuration & LEGACY_REPLACEMENT) != 0;
    }

    private void connectLegacy() {
        if (!replacesLegacy()) {
            irq0.set(state.pit);
            irq8.set(state.rtc);
        }
    }

    // ---- the main counter ---------------------------------------------------------------------------------------------

    private boolean isRunning() {
        return (state.configuration & ENABLE) != 0;
    }

    private long counter() {
        return isRunning()
                ? state.counter + oscillator.ticks(clock.nanos()) - oscillator.ticks(state.counterSince)
                : state.counter;
    }

    private void counter(long value) {
        state.counter = value;
        state.counterSince = clock.nanos();
        restart();
    }

    /** Every comparator looks for its next match. */
    private void restart() {
        for (HpetTimer each : timers) {
            restart(each);
        }
        schedule();
    }

    private void restart(HpetTimer each) {
        if (isRunning()) {
            each.start(counter());
        } else {
            each.stop();
        }
    }

    private void schedule() {
        long counter = counter();
        long next = -1;
        for (HpetTimer each : timers) {
            long wait = each.ticksUntilMatch(counter);
            next = next < 0 || wait >= 0 && wait < next ? wait : next;
        }
        if (next < 0) {
            timer.cancel();
        } else {
            long now = clock.nanos();
            long at = oscillator.nanosAt(oscillator.ticks(now) + Math.min(next, Long.MAX_VALUE / 2));
            timer.arm(Math.max(at, now));
        }
    }

    private synchronized void timerFired() {
        interruptMatched();
        schedule();
    }

    private void interruptMatched() {
        long counter = counter();
        for (int i = 0; i < TIMERS; i++) {
            if (timers[i].match(counter)) {
                interrupt(i);
            }
        }
    }

    // ---- interrupts ---------------------------------------------------------------------------------------------------

    private IrqLine line(int index) {
        if (replacesLegacy() && index < 2) {
            return index == 0 ? irq0 : irq8;
        }
        int pin = timers[index].route();
        return pin < 0 ? IrqLine.unconnected() : pins.get(pin);
    }

    private void interrupt(int index) {
        if (timers[index].isLevel()) {
            state.interrupts |= 1L << index;
            line(index).set(timers[index].isEnabled());
        } else if (timers[index].isEnabled()) {
            line(index).pulse();
        }
    }

    private void clearInterrupts(long cleared) {
        driveLevels(false);
        state.interrupts &= ~cleared;
        driveLevels(true);
    }

    /** Puts the levels that are active on the lines that the present configuration names, or takes them off. */
    private void driveLevels(boolean asserted) {
        for (int i = 0; i < TIMERS; i++) {
            if ((state.interrupts & 1L << i) != 0) {
                line(i).set(asserted && timers[i].isEnabled());
            }
        }
    }

    // ---- registers: 64 bits, in accesses of 32 or 64 ------------------------------------------------------------------

    @Override
    public synchronized long read(long offset, int size) {
        if (size < Integer.BYTES) {
            return 0;
        }
        long register = read((int) offset & ~7) >>> 8 * (offset & 4);
        return size == Long.BYTES ? register : register & 0xffff_ffffL;
    }

    private long read(int register) {
        return switch (register) {
            case CAPABILITIES -> FEMTOSECONDS / oscillator.frequency() << 32 | IDENTITY;
            case CONFIGURATION -> state.configuration;
            case INTERRUPT_STATUS -> state.interrupts;
            case MAIN_COUNTER -> counter();
            default -> {
                HpetTimer selected = timer(register);
                yield selected == null ? 0
                        : switch (register % TIMER_STRIDE) {
                            case TIMER_CONFIGURATION -> selected.configuration();
                            case TIMER_COMPARATOR -> selected.comparator();
                            default -> 0;
                        };
            }
        };
    }

    private HpetTimer timer(int register) {
        int index = (register - FIRST_TIMER) / TIMER_STRIDE;
        return register >= FIRST_TIMER && index < TIMERS ? timers[index] : null;
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        if (size < Integer.BYTES) {
            return;
        }
        interruptMatched(); // what was due under the old configuration
        int shift = 8 * ((int) offset & 4);
        long mask = (size == Long.BYTES ? -1L : 0xffff_ffffL) << shift;
        write((int) offset & ~7, value << shift, mask);
    }

    private void write(int register, long value, long mask) {
        switch (register) {
            case CONFIGURATION -> writeConfiguration(merge(state.configuration, value, mask));
            case INTERRUPT_STATUS -> clearInterrupts(value & mask);
            case MAIN_COUNTER -> counter(merge(counter(), value, mask));
            default -> {
                HpetTimer selected = timer(register);
                if (selected != null) {
                    writeTimer(selected, register % TIMER_STRIDE, value, mask);
                }
            }
        }
    }

    private static long merge(long old, long value, long mask) {
        return old & ~mask | value & mask;
    }

    private void writeConfiguration(long value) {
        long counter = counter();
        driveLevels(false);
        state.configuration = value & (ENABLE | LEGACY_REPLACEMENT);
        driveLevels(true);
        connectLegacy();
        counter(counter);
    }

    private void writeTimer(HpetTimer selected, int register, long value, long mask) {
        if (register == TIMER_CONFIGURATION) {
            driveLevels(false);
            selected.configuration(merge(selected.configuration(), value, mask));
            driveLevels(true);
        } else if (register == TIMER_COMPARATOR) {
            selected.comparator(value, mask);
        }
        restart(selected);
        schedule();
    }
}
