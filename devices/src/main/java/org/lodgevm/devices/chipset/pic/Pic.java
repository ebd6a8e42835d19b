package org.lodgevm.devices.chipset.pic;

import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/** The master and slave 8259A: 15 interrupt inputs, one INTR output. */
public final class Pic {
    static final class State {
        final Pic8259.State master = new Pic8259.State();
        final Pic8259.State slave = new Pic8259.State();
        /** Level of INTR. */
        boolean intr;
    }

    private static final int CASCADE = 2;
    private static final int NO_CASCADE = -1;
    /** IRQ 0, 1, 2, 8 and 13 are always edge-triggered: ICH9 13.4.11. */
    private static final int MASTER_ELCR = 0b1111_1000;

    private static final int SLAVE_ELCR = 0b1101_1110;

    final State state = new State();
    private final Pic8259 master = new Pic8259(state.master, CASCADE, MASTER_ELCR);
    private final Pic8259 slave = new Pic8259(state.slave, NO_CASCADE, SLAVE_ELCR);
    private final IrqLine intr;

    /** @param intr INTR: to LINT0 of the local APICs */
    public Pic(IrqLine intr) {
        this.intr = intr;
    }

    public synchronized void reset() {
        master.reset();
        slave.reset();
        update();
    }

    /** Input for IRQ 0 to 15 but 2. */
    public IrqLine input(int irq) {
        return asserted -> setInput(irq, asserted);
    }

    private synchronized void setInput(int irq, boolean asserted) {
        (irq < 8 ? master : slave).setInput(irq & 7, asserted);
        update();
    }

    /** The CPU's acknowledge cycle. @return the vector; IRQ 7's or 15's if the request has gone away */
    public synchronized int acknowledge() {
        int input = master.acknowledge();
        int vector = input == CASCADE ? slave.vector(slave.acknowledge()) : master.vector(input);
        drive(false); // INTR falls with the acknowledge cycle and rises for the next request
        update();
        return vector;
    }

    private void update() {
        master.setInput(CASCADE, slave.requested() >= 0);
        drive(master.requested() >= 0);
    }

    private void drive(boolean level) {
        if (level != state.intr) {
            state.intr = level;
            intr.set(level);
        }
    }

    /** Vectors and masks as firmware leaves them: all inputs masked but the cascade, PCI interrupts and SCI by level. */
    public synchronized void programLikeFirmware(int masterVectors, int slaveVectors, int levels) {
        master.program(masterVectors, ~(1 << CASCADE));
        slave.program(slaveVectors, ~0);
        master.elcr(levels);
        slave.elcr(levels >> 8);
        update();
    }

    /** Two ports: 0x20 or 0xa0 and the one after. */
    public IoRegion ports(boolean ofSlave) {
        Pic8259 chip = ofSlave ? slave : master;
        return IoRegion.bytewise(new IoRegion() {
            @Override
            public long read(long offset, int size) {
                synchronized (Pic.this) {
                    int value = chip.read((int) offset & 1);
                    update(); // a poll acknowledges
                    return value;
                }
            }

            @Override
            public void write(long offset, int size, long value) {
                synchronized (Pic.this) {
                    chip.write((int) offset & 1, (int) value);
                    update();
                }
            }
        });
    }

    /** Edge/level control registers ELCR1 and ELCR2: a one makes the input level-triggered. */
    public IoRegion edgeLevelControl() {
        return IoRegion.bytewise(new IoRegion() {
            @Override
            public long read(long offset, int size) {
                synchronized (Pic.this) {
                    return (offset == 0 ? master : slave).elcr();
                }
            }

            @Override
            public void write(long offset, int size, long value) {
                synchronized (Pic.this) {
                    (offset == 0 ? master : slave).elcr((int) value);
                    update();
                }
            }
        });
    }
}
