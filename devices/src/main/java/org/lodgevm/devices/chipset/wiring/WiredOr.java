package org.lodgevm.devices.chipset.wiring;

import java.util.BitSet;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.state.Restorable;

/** Several drivers on one wire: it is asserted as long as one of them asserts it. */
public final class WiredOr implements Restorable {
    static final class State {
        final BitSet asserted = new BitSet();
        transient int inputs;
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

    @Override
    public synchronized void restored() {
        if (state.asserted.length() > state.inputs) {
            throw new IllegalStateException("a wire with %d drivers is asserted by another".formatted(state.inputs));
        }
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
