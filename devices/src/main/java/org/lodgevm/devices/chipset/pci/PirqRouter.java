package org.lodgevm.devices.chipset.pci;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.devices.chipset.wiring.WiredOr;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.state.Restorable;

/** PIRQA# to PIRQH#: each reaches an I/O APIC pin of its own and, if routed, an input of the PIC. ICH9 5.8.6, 13.1.15 */
final class PirqRouter implements Restorable {
    static final int PIRQS = 8;

    static final class State {
        final boolean[] asserted = new boolean[PIRQS];
        /** ISA interrupt that each is routed to, or {@link #NOWHERE}. */
        final int[] routes = {NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE};
    }

    static final int NOWHERE = -1;

    final State state = new State();
    private final List<WiredOr> wires;
    private final List<IrqLine> pins;
    private final List<IrqLine> picInputs;

    /**
     * @param pins one for each PIRQ
     * @param picInputs a driver for each of the 16 ISA interrupts
     */
    PirqRouter(List<IrqLine> pins, List<IrqLine> picInputs) {
        this.pins = List.copyOf(pins);
        this.picInputs = List.copyOf(picInputs);
        this.wires = Stream.iterate(0, i -> i + 1).limit(PIRQS).map(i -> new WiredOr(on -> set(i, on))).toList();
    }

    /** A new driver of a PIRQ. */
    IrqLine input(int pirq) {
        return wires.get(pirq).input();
    }

    private synchronized void set(int pirq, boolean asserted) {
        state.asserted[pirq] = asserted;
        pins.get(pirq).set(asserted);
        drivePic(state.routes[pirq]);
    }

    synchronized void route(int pirq, int irq) {
        int before = state.routes[pirq];
        state.routes[pirq] = irq;
        drivePic(before);
        drivePic(irq);
    }

    @Override
    public synchronized void restored() {
        if (Arrays.stream(state.routes).anyMatch(irq -> irq < NOWHERE || irq >= picInputs.size())) {
            throw new IllegalStateException("a PCI interrupt is routed to none of the PIC's inputs");
        }
    }

    /** Several PIRQs may share an input of the PIC. */
    private void drivePic(int irq) {
        if (irq == NOWHERE) {
            return;
        }
        boolean asserted = false;
        for (int i = 0; i < PIRQS; i++) {
            asserted |= state.routes[i] == irq && state.asserted[i];
        }
        picInputs.get(irq).set(asserted);
    }
}
