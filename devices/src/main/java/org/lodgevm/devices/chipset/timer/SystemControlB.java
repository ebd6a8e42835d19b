package org.lodgevm.devices.chipset.timer;

import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;

/** Port 0x61, NMI status and control: the speaker's gate and what comes out, the refresh toggle. ICH9 datasheet 13.7.1. */
public final class SystemControlB implements IoRegion {
    public static final int SIZE = 1;

    static final class State {
        int written;
    }

    private static final int GATE = 1;
    /** Gate, speaker data, and the enables of two NMI sources that the machine lacks. */
    private static final int WRITABLE = 0xf;

    private static final int REFRESH_TOGGLE = 1 << 4;
    private static final int TIMER_OUTPUT = 1 << 5;
    private static final long REFRESH_PERIOD = 15_085;

    final State state = new State();
    private final Clock clock;
    private final Pit pit;

    public SystemControlB(Clock clock, Pit pit) {
        this.clock = clock;
        this.pit = pit;
    }

    public void reset() {
        write(0, 1, 0);
    }

    @Override
    public synchronized long read(long offset, int size) {
        boolean refresh = clock.nanos() / REFRESH_PERIOD % 2 != 0;
        return state.written | (refresh ? REFRESH_TOGGLE : 0) | (pit.speakerOutput() ? TIMER_OUTPUT : 0);
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        state.written = (int) value & WRITABLE;
        pit.speakerGate((value & GATE) != 0);
    }
}
