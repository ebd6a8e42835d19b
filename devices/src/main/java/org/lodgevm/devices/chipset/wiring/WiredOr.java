package org.lodgevm.devices.chipset.wiring;

import java.util.BitSet;
import org.lodgevm.machine.IrqLine;

/** Several drivers on one wire: it is asserted as long as one of them asserts it. */
public final class WiredOr {
    static final class State {
        final BitSet asserted = new BitSet();
        int inputs;
    }

    final State state = new State();
    private final IrqLine output;

    public WiredOr(IrqLine output) {
        this.output = output;
    }

    /** One more driver. */
    public synchronized IrqLine input() {
        int input = state.inputs++;
        return asserted -> set(input, asserted);
    }

    private synchronized void set(int input, boolean asserted) {
        boolean before = !state.asserted.isEmpty();
        state.asserted.set(input, asserted);
        boolean after = !state.asserted.isEmpty();
        if (before != after) {
            output.set(after);
        }
    }
}
