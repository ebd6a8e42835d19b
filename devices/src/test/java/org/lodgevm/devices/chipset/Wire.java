package org.lodgevm.devices.chipset;

import org.lodgevm.machine.IrqLine;

/** The far end of an interrupt line: what level it has and how often it rose. */
public final class Wire implements IrqLine {
    private boolean asserted;
    private int edges;

    @Override
    public synchronized void set(boolean level) {
        edges += level && !asserted ? 1 : 0;
        asserted = level;
    }

    public synchronized boolean asserted() {
        return asserted;
    }

    /** Rising edges so far. */
    public synchronized int edges() {
        return edges;
    }
}
