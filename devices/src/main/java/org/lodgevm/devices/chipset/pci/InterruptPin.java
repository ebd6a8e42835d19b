package org.lodgevm.devices.chipset.pci;

import org.lodgevm.machine.IrqLine;

/** INTA# to INTD# of a function: the device's level, unless the command register disables it. @pci 2.2.6 */
final class InterruptPin implements IrqLine {
    static final class State {
        boolean asserted;
        boolean disabled;
    }

    final State state = new State();
    private final IrqLine wire;

    InterruptPin(IrqLine wire) {
        this.wire = wire;
    }

    @Override
    public synchronized void set(boolean asserted) {
        state.asserted = asserted;
        drive();
    }

    synchronized void disable(boolean disabled) {
        state.disabled = disabled;
        drive();
    }

    /** What the status register shows, whether disabled or not. */
    synchronized boolean asserted() {
        return state.asserted;
    }

    private void drive() {
        wire.set(state.asserted && !state.disabled);
    }
}
