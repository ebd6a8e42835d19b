package org.lodgevm.devices.chipset.pci;

import java.util.ArrayList;
import java.util.List;

/**
 * A function's 256 bytes of configuration registers, little-endian. Its monitor guards them; what a register's write brings about
 * runs inside it.
 */
public final class ConfigSpace {
    static final int SIZE = 256;

    static final class State {
        final byte[] bytes = new byte[SIZE];
    }

    private record Effect(ConfigRegister register, Runnable action) {}

    final State state = new State();
    private final byte[] reset = new byte[SIZE];
    private final byte[] writable = new byte[SIZE];
    private final byte[] clearable = new byte[SIZE];
    private final List<Effect> effects = new ArrayList<>();
    private final List<Effect> refreshes = new ArrayList<>();
    private final List<Effect> writes = new ArrayList<>();

    /** Adds a register, or defines one anew. */
    public synchronized void define(ConfigRegister register) {
        for (int i = 0; i < register.size(); i++) {
            int at = register.offset() + i;
            reset[at] = (byte) (register.reset() >> 8 * i);
            writable[at] = (byte) (register.writable() >> 8 * i);
            clearable[at] = (byte) (register.clearable() >> 8 * i);
            state.bytes[at] = reset[at];
        }
    }

    /** @param effect runs after every write that touches the register, and after a reset */
    public synchronized void define(ConfigRegister register, Runnable effect) {
        define(register);
        effects.add(new Effect(register, effect));
    }

    /** @param effect runs after every write by the guest that touches the register, but not after a reset */
    public synchronized void afterWrite(ConfigRegister register, Runnable effect) {
        writes.add(new Effect(register, effect));
    }

    /** @param refresh runs before every read by the guest that touches a register, to {@link #set} it */
    public synchronized void beforeRead(ConfigRegister register, Runnable refresh) {
        refreshes.add(new Effect(register, refresh));
    }

    /** A register's value, zero-extended. */
    public synchronized long get(ConfigRegister register) {
        long value = 0;
        for (int i = 0; i < register.size(); i++) {
            value |= (state.bytes[register.offset() + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    /** Sets a register as the device does, whatever the guest may write. */
    public synchronized void set(ConfigRegister register, long value) {
        for (int i = 0; i < register.size(); i++) {
            state.bytes[register.offset() + i] = (byte) (value >> 8 * i);
        }
    }

    synchronized void reset() {
        System.arraycopy(reset, 0, state.bytes, 0, SIZE);
        effects.forEach(effect -> effect.action().run());
    }

    /** The guest reads. */
    synchronized int read(int offset, int size) {
        run(refreshes, offset, size);
        return (int) get(ConfigRegister.of(offset, size));
    }

    /** The guest writes. */
    synchronized void write(int offset, int size, int value) {
        for (int i = 0; i < size; i++) {
            int at = offset + i;
            int written = value >> 8 * i;
            int kept = state.bytes[at] & ~writable[at] & ~(clearable[at] & written);
            state.bytes[at] = (byte) (kept | written & writable[at]);
        }
        run(effects, offset, size);
        run(writes, offset, size);
    }

    private static void run(List<Effect> touched, int offset, int size) {
        for (Effect effect : touched) {
            if (effect.register().overlaps(offset, size)) {
                effect.action().run();
            }
        }
    }
}
