package org.lodgevm.devices.chipset.power;

import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.PowerControl;

/** Port 0xcf9. ICH9 13.7.5. Whatever kind of reset is asked for, the whole machine is reset. */
public final class ResetControl implements IoRegion {
    public static final int SIZE = 1;

    static final class State {
        int written;
    }

    private static final int SYSTEM_RESET = 1 << 1;
    private static final int RESET_CPU = 1 << 2;
    private static final int FULL_RESET = 1 << 3;

    final State state = new State();
    private final PowerControl power;

    public ResetControl(PowerControl power) {
        this.power = power;
    }

    public synchronized void reset() {
        state.written = 0;
    }

    @Override
    public synchronized long read(long offset, int size) {
        return state.written;
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        boolean reset = (value & RESET_CPU) != 0 && (state.written & RESET_CPU) == 0;
        state.written = (int) value & (SYSTEM_RESET | RESET_CPU | FULL_RESET);
        if (reset) {
            power.reset("port 0xcf9");
        }
    }
}
