package org.lodgevm.devices.chipset.apic;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.state.Restorable;

/**
 * The I/O APIC of an ICH9: 24 pins, version 0x20, with an EOI register. Source: Intel 82093AA datasheet (290566) and ICH9
 * datasheet 13.5.
 *
 * <p>A pin's {@link IrqLine} carries whether the interrupt is asserted, not a voltage, so the polarity bit is stored and has no
 * further effect: whatever drives the wire knows its own polarity.
 */
public final class IoApic implements IoRegion, Restorable {
    public static final int PINS = 24;
    public static final int SIZE = 0x1000;

    static final class State {
        int select;
        int id;
        /** One bit a pin: the wire is asserted. */
        int asserted;

        final long[] redirection = new long[PINS];
    }

    /** Directly addressed registers: offsets. */
    private static final int IOREGSEL = 0x00;

    private static final int IOWIN = 0x10;
    private static final int EOI = 0x40;

    /** Indexed registers. */
    private static final int IOAPICID = 0;

    private static final int IOAPICVER = 1;
    private static final int IOAPICARB = 2;
    private static final int IOREDTBL = 0x10;

    private static final int VERSION = 0x20;
    private static final int VERSION_MAX_ENTRY_SHIFT = 16;
    private static final int ID_SHIFT = 24;
    private static final int ID_MASK = 0xf;

    /** A redirection table entry. */
    private static final class Entry {
        static final int VECTOR = 0xff;
        static final int LOGICAL = 1 << 11;
        static final int DELIVERY_STATUS = 1 << 12;
        static final int REMOTE_IRR = 1 << 14;
        static final int LEVEL = 1 << 15;
        static final int MASKED = 1 << 16;
        static final int DESTINATION_SHIFT = 56;
        static final long READ_ONLY = DELIVERY_STATUS | REMOTE_IRR;
        static final long DEFINED = 0xff00_0000_0001_ffffL;
    }

    final State state = new State();
    private final ApicBus bus;

    public IoApic(ApicBus bus) {
        this.bus = bus;
        reset();
    }

    /** Wires keep their levels: those who drive them are reset themselves. */
    public synchronized void reset() {
        state.select = 0;
        state.id = 0;
        Arrays.fill(state.redirection, Entry.MASKED);
        tellLevels();
    }

    @Override
    public void restored() {
        tellLevels();
    }

    /** Says which interrupts' ends it waits for, for local APICs that would not tell by themselves. */
    synchronized void tellLevels() {
        bus.levelTriggered(Arrays.stream(state.redirection).filter(IoApic::isLevel).mapToObj(IoApic::message).toList());
    }

    /** What firmware writes to IOAPICID. */
    public synchronized void id(int id) {
        state.id = id & ID_MASK;
    }

    public IrqLine pin(int pin) {
        int bit = 1 << pin;
        return asserted -> setPin(pin, bit, asserted);
    }

    private synchronized void setPin(int pin, int bit, boolean asserted) {
        boolean rising = asserted && (state.asserted & bit) == 0;
        state.asserted = asserted ? state.asserted | bit : state.asserted & ~bit;
        long entry = state.redirection[pin];
        if (isLevel(entry)) {
            requestLevel(pin);
        } else if (rising && (entry & Entry.MASKED) == 0) {
            send(entry); // an edge at a masked pin is lost: 82093AA, "Interrupt Mask"
        }
    }

    /** Only vectored interrupts wait for an EOI; others are edge-triggered whatever the entry says. */
    private static boolean isLevel(long entry) {
        return (entry & Entry.LEVEL) != 0 && DeliveryMode.of((int) entry).isVectored();
    }

    private void requestLevel(int pin) {
        long entry = state.redirection[pin];
        boolean asserted = (state.asserted & 1 << pin) != 0;
        if (asserted && isLevel(entry) && (entry & (Entry.MASKED | Entry.REMOTE_IRR)) == 0 && send(entry)) {
            state.redirection[pin] |= Entry.REMOTE_IRR;
        }
    }

    private boolean send(long entry) {
        return bus.deliver(message(entry));
    }

    private static InterruptMessage message(long entry) {
        return InterruptMessage.narrow(
                (int) (entry >>> Entry.DESTINATION_SHIFT),
                (entry & Entry.LOGICAL) != 0,
                DeliveryMode.of((int) entry),
                (int) entry & Entry.VECTOR,
                isLevel(entry));
    }

    /**
     * Ends interrupts that were served while nobody could tell.
     *
     * @param held whether a vector waits or is in service somewhere
     */
    void settle(IntPredicate held) {
        long[] entries;
        synchronized (this) {
            entries = state.redirection.clone();
        }
        for (long entry : entries) {
            int vector = (int) entry & Entry.VECTOR;
            if ((entry & Entry.REMOTE_IRR) != 0 && !held.test(vector)) {
                endOfInterrupt(vector);
            }
        }
    }

    synchronized void endOfInterrupt(int vector) {
        for (int pin = 0; pin < PINS; pin++) {
            long entry = state.redirection[pin];
            if ((entry & Entry.VECTOR) == vector && (entry & Entry.REMOTE_IRR) != 0) {
                state.redirection[pin] = entry & ~Entry.REMOTE_IRR;
                requestLevel(pin);
            }
        }
    }

    @Override
    public synchronized long read(long offset, int size) {
        return switch ((int) offset) {
            case IOREGSEL -> state.select;
            case IOWIN -> readIndexed(state.select) & 0xffff_ffffL;
            default -> 0;
        };
    }

    private int readIndexed(int register) {
        return switch (register) {
            case IOAPICID, IOAPICARB -> state.id << ID_SHIFT;
            case IOAPICVER -> VERSION | PINS - 1 << VERSION_MAX_ENTRY_SHIFT;
            default -> {
                int pin = register - IOREDTBL >> 1;
                yield register < IOREDTBL || pin >= PINS ? 0 : (int) (state.redirection[pin] >>> 32 * (register & 1));
            }
        };
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        switch ((int) offset) {
            case IOREGSEL -> state.select = (int) value & 0xff;
            case IOWIN -> writeIndexed(state.select, (int) value);
            case EOI -> endOfInterrupt((int) value & Entry.VECTOR);
            default -> {}
        }
    }

    private void writeIndexed(int register, int value) {
        if (register == IOAPICID) {
            id(value >>> ID_SHIFT);
        }
        int pin = register - IOREDTBL >> 1;
        if (register >= IOREDTBL && pin < PINS) {
            writeEntry(pin, 32 * (register & 1), value);
        }
    }

    private void writeEntry(int pin, int shift, int value) {
        long old = state.redirection[pin];
        long half = 0xffff_ffffL << shift;
        long written = (old & ~half | (long) value << shift & half) & Entry.DEFINED & ~Entry.READ_ONLY;
        long entry = written | old & Entry.READ_ONLY;
        if (!isLevel(entry)) {
            entry &= ~Entry.REMOTE_IRR;
        }
        state.redirection[pin] = entry;
        if (isLevel(entry) || isLevel(old)) {
            tellLevels();
        }
        requestLevel(pin);
    }
}
