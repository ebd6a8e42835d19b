package org.lodgevm.devices.virtio.transport;

import org.lodgevm.devices.virtio.Interrupts;
import org.lodgevm.machine.IrqLine;

/** One wire, asserted until the driver has acknowledged all reasons. Workers take its monitor. @virtio 4.2.2 */
final class MmioInterrupt implements Interrupts {
    /** Bits of InterruptStatus. */
    private static final int USED_BUFFER = 1;

    private static final int CONFIGURATION_CHANGE = 1 << 1;

    private static final class State {
        int status;
    }

    private final State state = new State();
    private final IrqLine line;

    MmioInterrupt(IrqLine line) {
        this.line = line;
    }

    synchronized void reset() {
        set(0);
    }

    @Override
    public synchronized void usedBuffers(int queue) {
        set(state.status | USED_BUFFER);
    }

    @Override
    public synchronized void configurationChanged() {
        set(state.status | CONFIGURATION_CHANGE);
    }

    synchronized int status() {
        return state.status;
    }

    synchronized void acknowledge(int reasons) {
        set(state.status & ~reasons);
    }

    private void set(int status) {
        state.status = status;
        line.set(status != 0);
    }
}
