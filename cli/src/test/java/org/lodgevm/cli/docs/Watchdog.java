package org.lodgevm.cli.docs;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.PowerControl;

// begin
/** A watchdog with one register: how many seconds are left until the machine is reset, or 0 while nothing threatens. */
final class Watchdog implements IoRegion {
    static final int SIZE = 1;

    static final class State {
        /** When the machine is reset, by the machine's clock; -1 for never. */
        long deadline = -1;
    }

    final State state = new State();
    private final Clock clock;
    private final Clock.Timer timer;

    Watchdog(Clock clock, PowerControl power) {
        this.clock = clock;
        this.timer = clock.timer(() -> power.reset("watchdog"));
    }

    synchronized void reset() {
        write(0, SIZE, 0);
    }

    @Override
    public synchronized long read(long offset, int size) {
        return state.deadline < 0 ? 0 : Math.max(1, NANOSECONDS.toSeconds(state.deadline - clock.nanos()));
    }

    @Override
    public synchronized void write(long offset, int size, long seconds) {
        if (seconds == 0) {
            state.deadline = -1;
            timer.cancel();
        } else {
            state.deadline = clock.nanos() + SECONDS.toNanos(seconds);
            timer.arm(state.deadline);
        }
    }
}
// end
