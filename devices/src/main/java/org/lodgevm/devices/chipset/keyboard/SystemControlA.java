package org.lodgevm.devices.chipset.keyboard;

import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.PowerControl;

/** Port 0x92: address line 20 and a reset, without the detour over the keyboard controller. ICH9 datasheet 13.7.2. */
public final class SystemControlA implements IoRegion {
    public static final int SIZE = 1;

    static final class State {
        int written;
    }

    private static final int INIT_NOW = 1;
    private static final int ALT_A20_GATE = 1 << 1;

    final State state = new State();
    private final IrqLine a20;
    private final PowerControl power;

    /** @param a20 enables address line 20, as may others */
    public SystemControlA(IrqLine a20, PowerControl power) {
        this.a20 = a20;
        this.power = power;
    }

    public synchronized void reset() {
        state.written = 0;
        a20.set(false);
    }

    @Override
    public synchronized long read(long offset, int size) {
        return state.written;
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        boolean reset = (value & INIT_NOW) != 0 && (state.written & INIT_NOW) == 0;
        state.written = (int) value & (INIT_NOW | ALT_A20_GATE);
        a20.set((value & ALT_A20_GATE) != 0);
        if (reset) {
            power.reset("port 0x92");
        }
    }
}
