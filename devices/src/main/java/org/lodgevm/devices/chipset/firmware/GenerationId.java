package org.lodgevm.devices.chipset.firmware;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.state.Restorable;

/**
 * A number by which a guest learns that it is not the only one that goes on from here: that it is a copy of another, or was set back. Random numbers that it
 * had drawn before are no secret any more. It stands in a page of its own, which the guest can only read, and an event is raised when it has changed.
 *
 * <p>Source: Microsoft, Virtual Machine Generation ID. Suspending and moving a machine leave the number as it is, since neither makes two of one.
 */
public final class GenerationId implements Restorable {
    /** Bytes of memory. */
    public static final int SIZE = 4096;

    private static final int LENGTH = 16;

    private static final class State {
        final byte[] id = new byte[LENGTH];
    }

    private final State state = new State();
    private final GuestMemory memory;
    private final long gpa;
    private final Runnable changed;

    /** @param changed raises the event */
    public GenerationId(GuestMemory memory, long gpa, Runnable changed) {
        this.memory = memory;
        this.gpa = gpa;
        this.changed = changed;
        memory.addRom(gpa, new byte[SIZE]);
        draw();
    }

    private synchronized void draw() {
        UUID random = UUID.randomUUID();
        ByteBuffer.wrap(state.id).putLong(random.getMostSignificantBits()).putLong(random.getLeastSignificantBits());
        show();
    }

    private void show() {
        memory.write(gpa, state.id);
    }

    /** The guest goes on from where another one may, too. */
    public void renew() {
        draw();
        changed.run();
    }

    @Override
    public synchronized void restored() {
        show();
    }
}
