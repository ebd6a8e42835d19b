package org.lodgevm.devices.virtio.transport;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.lodgevm.devices.chipset.pci.Msix;
import org.lodgevm.devices.virtio.Interrupts;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.state.Restorable;

/**
 * A function's interrupts: messages, by vectors that the driver gave to queues, or else a pin and a register that says why. Its monitor
 * is taken by workers, hence never held while a device is called.
 *
 * @virtio 4.1.4.5, 4.1.5.1
 */
final class PciInterrupts implements Interrupts, Restorable {
    /** VIRTIO_MSI_NO_VECTOR */
    static final int NO_VECTOR = 0xffff;

    /** Bits of the ISR status register. */
    private static final int ISR_QUEUE = 1;

    private static final int ISR_CONFIGURATION = 1 << 1;

    private static final class State {
        int isr;
        int configurationVector = NO_VECTOR;
        final int[] queueVectors;

        State(int queues) {
            queueVectors = new int[queues];
            Arrays.fill(queueVectors, NO_VECTOR);
        }
    }

    private final State state;
    private final Msix msix;
    private final IrqLine pin;

    PciInterrupts(Msix msix, IrqLine pin, int queues) {
        this.msix = msix;
        this.pin = pin;
        state = new State(queues);
    }

    synchronized void reset() {
        state.configurationVector = NO_VECTOR;
        Arrays.fill(state.queueVectors, NO_VECTOR);
        state.isr = 0;
        pin.set(false);
    }

    @Override
    public synchronized void usedBuffers(int queue) {
        if (!msix.enabled()) {
            state.isr |= ISR_QUEUE;
        }
        signal(state.queueVectors[queue]);
    }

    /** The register tells of it whichever way it is signalled. @virtio 4.1.4.5.1 */
    @Override
    public synchronized void configurationChanged() {
        state.isr |= ISR_CONFIGURATION;
        signal(state.configurationVector);
    }

    private void signal(int vector) {
        if (!msix.enabled()) {
            pin.set(true);
        } else if (vector != NO_VECTOR) {
            msix.signal(vector);
        }
    }

    /** Reading tells why, and ends the interrupt. */
    synchronized int takeIsr() {
        int isr = state.isr;
        state.isr = 0;
        pin.set(false);
        return isr;
    }

    synchronized int configurationVector() {
        return state.configurationVector;
    }

    synchronized void configurationVector(int vector) {
        state.configurationVector = existing(vector);
    }

    synchronized int queueVector(int queue) {
        return state.queueVectors[queue];
    }

    synchronized void queueVector(int queue, int vector) {
        state.queueVectors[queue] = existing(vector);
    }

    @Override
    public synchronized void restored() {
        if (IntStream.concat(IntStream.of(state.configurationVector), Arrays.stream(state.queueVectors))
                .anyMatch(vector -> vector < 0 || existing(vector) != vector)) {
            throw new IllegalStateException("a queue has a vector that does not exist");
        }
    }

    /** A vector that is not there reads back as none: so the driver learns. */
    private int existing(int vector) {
        return vector <= state.queueVectors.length ? vector : NO_VECTOR;
    }
}
