package org.lodgevm.devices.chipset.wiring;

import org.lodgevm.machine.Bus;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.state.Restorable;

/** A range of addresses or ports that a register moves about. Guarded by whoever owns the register. */
public final class Window implements Restorable {
    static final class State {
        long base = NOWHERE;
        long size;
    }

    public static final long NOWHERE = -1;

    final State state = new State();
    private final Bus bus;
    private final IoRegion region;
    private final boolean ports;

    private Window(Bus bus, IoRegion region, boolean ports) {
        this.bus = bus;
        this.region = region;
        this.ports = ports;
    }

    /** @param region one that no other window shows */
    public static Window ofMemory(Bus bus, IoRegion region) {
        return new Window(bus, region, false);
    }

    /** @param region one that no other window shows */
    public static Window ofPorts(Bus bus, IoRegion region) {
        return new Window(bus, region, true);
    }

    /** Moves the range, or takes it away when {@code base} is {@link #NOWHERE}. */
    public void place(long base, long size) {
        if (base == state.base && size == state.size) {
            return;
        }
        if (state.base != NOWHERE) {
            remove();
        }
        state.base = base;
        state.size = size;
        if (base != NOWHERE) {
            add();
        }
    }

    /** A region is at one place only, wherever that was until now. */
    @Override
    public void restored() {
        remove();
        if (state.base != NOWHERE) {
            add();
        }
    }

    private void add() {
        if (ports) {
            bus.mapPorts((int) state.base, (int) state.size, region);
        } else {
            bus.mapMmio(state.base, state.size, region);
        }
    }

    private void remove() {
        if (ports) {
            bus.unmapPorts(region);
        } else {
            bus.unmapMmio(region);
        }
    }
}
