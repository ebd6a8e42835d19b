package org.lodgevm.devices.chipset.apic;

import org.lodgevm.machine.Clock;
import org.lodgevm.machine.Tsc;

/**
 * The local APIC's timer. Its counter runs at 1 GHz before the divider. Guarded by the monitor of its local APIC, which owns the
 * LVT entry with the mode. @sdm 11.5.4
 */
final class ApicTimer {
    enum Mode {
        ONE_SHOT,
        PERIODIC,
        TSC_DEADLINE,
        RESERVED;

        private static final Mode[] ALL = values();
        private static final int SHIFT = 17;

        /** The mode in bits 18:17 of the timer's LVT entry. */
        static Mode of(int lvt) {
            return ALL[lvt >> SHIFT & 3];
        }
    }

    static final class State {
        int initialCount;
        int divideConfiguration;
        boolean counting;
        /** Clock time at which the counter was last loaded. */
        long loadedAt;
        /** IA32_TSC_DEADLINE; 0 is disarmed. */
        long deadline;
    }

    static final int DIVIDE_CONFIGURATION_BITS = 0b1011;

    /** A periodic timer does not fire more often than this: a guest cannot keep the clock's thread busy. */
    private static final long SHORTEST_PERIOD = 20_000;

    /** Nanoseconds, 73 years; a deadline beyond is looked at again then. */
    private static final long FAR_FUTURE = 1L << 61;

    private final State state;
    private final Clock clock;
    private final Tsc tsc;
    private final Clock.Timer timer;

    /** @param task runs on the clock's thread; it takes the APIC's monitor and then calls {@link #expire} */
    ApicTimer(State state, Clock clock, Tsc tsc, Runnable task) {
        this.state = state;
        this.clock = clock;
        this.tsc = tsc;
        this.timer = clock.timer(task);
    }

    void reset() {
        timer.cancel();
        state.initialCount = 0;
        state.divideConfiguration = 0;
        state.counting = false;
        state.deadline = 0;
    }

    int initialCount() {
        return state.initialCount;
    }

    void initialCount(int count, Mode mode) {
        if (mode == Mode.TSC_DEADLINE) {
            return; // writes are ignored in this mode: 11.5.4.1
        }
        state.initialCount = count;
        state.counting = count != 0;
        state.loadedAt = clock.nanos();
        schedule();
    }

    int currentCount(Mode mode) {
        if (!state.counting || mode == Mode.TSC_DEADLINE) {
            return 0;
        }
        long initial = state.initialCount & 0xffff_ffffL;
        long elapsed = clock.nanos() - state.loadedAt >> divider();
        if (mode == Mode.PERIODIC) {
            elapsed %= initial;
        }
        return elapsed < initial ? (int) (initial - elapsed) : 0;
    }

    int divideConfiguration() {
        return state.divideConfiguration;
    }

    /** The count goes on from where it is at the new pace. */
    void divideConfiguration(int value, Mode mode) {
        long counted = (state.initialCount & 0xffff_ffffL) - (currentCount(mode) & 0xffff_ffffL);
        state.divideConfiguration = value & DIVIDE_CONFIGURATION_BITS;
        state.loadedAt = clock.nanos() - (counted << divider());
        schedule();
    }

    /** Shift that divides by 2, 4, ... 128, 1 for encodings 0 to 7 in bits 3, 1 and 0. */
    private int divider() {
        int encoding = state.divideConfiguration >> 1 & 4 | state.divideConfiguration & 3;
        return encoding + 1 & 7;
    }

    /** Between one-shot and periodic the count goes on; to or from TSC deadline mode the timer is disarmed. */
    void modeChanged(Mode from, Mode to) {
        if (from != to && (from == Mode.TSC_DEADLINE || to == Mode.TSC_DEADLINE)) {
            timer.cancel();
            state.counting = false;
            state.deadline = 0;
        }
    }

    long deadline(Mode mode) {
        return mode == Mode.TSC_DEADLINE ? state.deadline : 0;
    }

    /** @return whether an interrupt is due at once: the next instruction of the guest may expect it */
    boolean deadline(long tscValue, Mode mode) {
        if (mode != Mode.TSC_DEADLINE) {
            return false;
        }
        state.deadline = tscValue;
        timer.cancel();
        return expireDeadline();
    }

    /** Into a page's registers; it stands still here. One that has run out would fire once more when it is taken with its initial count. */
    void lend(Mode mode, int[] registers) {
        registers[ApicRegister.INITIAL_COUNT] = state.counting ? state.initialCount : 0;
        registers[ApicRegister.CURRENT_COUNT] = currentCount(mode);
        registers[ApicRegister.DIVIDE_CONFIGURATION] = state.divideConfiguration;
        timer.cancel();
        state.counting = false;
        state.deadline = 0;
    }

    /**
     * From a page's registers. One that has run out there fires here at once: the kernel's keeps its interrupt to itself, in no register, until
     * the CPU runs again. A guest can be interrupted once too often by that, and else would wait for ever.
     */
    void takeBack(Mode mode, int[] registers) {
        state.initialCount = registers[ApicRegister.INITIAL_COUNT];
        state.divideConfiguration = registers[ApicRegister.DIVIDE_CONFIGURATION] & DIVIDE_CONFIGURATION_BITS;
        long initial = state.initialCount & 0xffff_ffffL;
        long current = registers[ApicRegister.CURRENT_COUNT] & 0xffff_ffffL;
        state.counting = initial != 0 && mode != Mode.TSC_DEADLINE;
        state.loadedAt = clock.nanos() - (initial - Math.min(current, initial) << divider());
        schedule();
    }

    private void schedule() {
        if (state.deadline != 0) {
            timer.arm(clock.nanos() + untilDeadline());
        } else if (state.counting) {
            timer.arm(state.loadedAt + period());
        } else {
            timer.cancel();
        }
    }

    /** Nanoseconds, and so TSC ticks, until the deadline: the counter is unsigned. */
    private long untilDeadline() {
        long now = tsc.read();
        long wait = state.deadline - now;
        if (Long.compareUnsigned(now, state.deadline) >= 0) {
            return 0;
        }
        return wait < 0 ? FAR_FUTURE : Math.min(wait, FAR_FUTURE);
    }

    private long period() {
        return (state.initialCount & 0xffff_ffffL) << divider();
    }

    /** Whether it should have fired by now; the clock's thread may be late. */
    boolean isDue(Mode mode) {
        if (mode == Mode.TSC_DEADLINE) {
            return state.deadline != 0 && untilDeadline() == 0;
        }
        return state.counting && clock.nanos() - state.loadedAt >= period();
    }

    /** It is due, or the clock's timer fired: re-arms if need be. @return whether an interrupt is due */
    boolean expire(Mode mode) {
        return mode == Mode.TSC_DEADLINE ? expireDeadline() : expireCount(mode);
    }

    private boolean expireDeadline() {
        if (state.deadline == 0) {
            return false;
        }
        if (untilDeadline() > 0) {
            schedule();
            return false;
        }
        state.deadline = 0;
        timer.cancel();
        return true;
    }

    private boolean expireCount(Mode mode) {
        long elapsed = clock.nanos() - state.loadedAt;
        long period = period();
        if (!state.counting) {
            return false;
        }
        if (elapsed < period) {
            schedule();
            return false;
        }
        if (mode == Mode.PERIODIC) {
            state.loadedAt += elapsed - elapsed % period;
            timer.arm(Math.max(state.loadedAt + period, clock.nanos() + SHORTEST_PERIOD));
        } else {
            state.counting = false;
        }
        return true;
    }
}
