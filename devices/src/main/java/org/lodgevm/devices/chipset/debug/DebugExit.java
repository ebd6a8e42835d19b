package org.lodgevm.devices.chipset.debug;

import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.PowerControl;

/** The port by which a test kernel ends its machine with a code. */
public record DebugExit(PowerControl power) implements IoRegion {
    public static final int SIZE = 4;

    @Override
    public long read(long offset, int size) {
        return 0;
    }

    @Override
    public void write(long offset, int size, long value) {
        power.debugExit((int) value);
    }
}
