package org.lodgevm.devices.chipset.pci;

import java.util.Arrays;
import org.lodgevm.machine.IoRegion;

/**
 * Message-signalled interrupts with an address, a datum and a mask each. Table and pending bits share the memory of one base
 * address register: the table in its first half, pending bits in its second. @pci 6.8.2
 */
public final class Msix implements IoRegion {
    static final class State {
        boolean enabled;
        boolean functionMasked;
        /** Per vector: address, upper address, data, vector control. */
        final int[] table;
        /** One bit a vector. */
        final int[] pending;

        State(int vectors) {
            table = new int[ENTRY * vectors];
            pending = new int[2 * ((vectors + 63) / 64)];
        }
    }

    static final int CAPABILITY = 0x11;
    static final int CAPABILITY_SIZE = 12;
    private static final int LARGEST = 2048;
    private static final int SMALLEST_HALF = 0x800;

    /** Message control. @pci 6.8.2.3 */
    private static final int ENABLE = 1 << 15;

    private static final int FUNCTION_MASK = 1 << 14;

    /** An entry of the table, in double words. @pci 6.8.2.6 */
    private static final int ENTRY = 4;

    private static final int ADDRESS = 0;
    private static final int UPPER_ADDRESS = 1;
    private static final int DATA = 2;
    private static final int CONTROL = 3;
    private static final int CONTROL_MASKED = 1;

    final State state;
    private final int vectors;
    private final int half;
    private final MessageSink sink;

    Msix(MessageSink sink, int vectors) {
        if (vectors < 1 || vectors > LARGEST) {
            throw new IllegalArgumentException("MSI-X has 1 to %d vectors, not %d".formatted(LARGEST, vectors));
        }
        this.sink = sink;
        this.vectors = vectors;
        state = new State(vectors);
        int tableSize = Integer.BYTES * state.table.length;
        half = Math.max(SMALLEST_HALF, Integer.highestOneBit(2 * tableSize - 1));
        reset();
    }

    /** Of the base address register's memory, in bytes. */
    int size() {
        return 2 * half;
    }

    void define(ConfigSpace config, int offset, int bar) {
        ConfigRegister control =
                ConfigRegister.of(offset + 2, 2).reset(vectors - 1).writable(ENABLE | FUNCTION_MASK);
        config.define(control, () -> adopt((int) config.get(control)));
        config.define(ConfigRegister.of(offset + 4, 4).reset(bar));
        config.define(ConfigRegister.of(offset + 8, 4).reset(half | bar));
    }

    synchronized void reset() {
        Arrays.fill(state.table, 0);
        Arrays.fill(state.pending, 0);
        for (int vector = 0; vector < vectors; vector++) {
            state.table[ENTRY * vector + CONTROL] = CONTROL_MASKED;
        }
    }

    private synchronized void adopt(int control) {
        state.enabled = (control & ENABLE) != 0;
        state.functionMasked = (control & FUNCTION_MASK) != 0;
        for (int vector = 0; vector < vectors; vector++) {
            sendPending(vector);
        }
    }

    /** Whether the guest uses MSI-X, and hence no pin. */
    public synchronized boolean enabled() {
        return state.enabled;
    }

    /** Sends a vector, or notes it while it is masked. @return false if the guest does not use MSI-X */
    public synchronized boolean signal(int vector) {
        if (state.enabled) {
            state.pending[vector / 32] |= 1 << vector;
            sendPending(vector);
        }
        return state.enabled;
    }

    private void sendPending(int vector) {
        int entry = ENTRY * vector;
        boolean pending = (state.pending[vector / 32] & 1 << vector) != 0;
        boolean masked = state.functionMasked || (state.table[entry + CONTROL] & CONTROL_MASKED) != 0;
        if (pending && state.enabled && !masked) {
            state.pending[vector / 32] &= ~(1 << vector);
            long upper = (long) state.table[entry + UPPER_ADDRESS] << 32;
            sink.send(upper | state.table[entry + ADDRESS] & 0xffff_ffffL, state.table[entry + DATA]);
        }
    }

    /** Only aligned double and quad words are defined; smaller reads get the low part. */
    @Override
    public synchronized long read(long offset, int size) {
        int index = (int) offset / Integer.BYTES;
        long low = load(index) & 0xffff_ffffL;
        return size == Long.BYTES ? (long) load(index + 1) << 32 | low : low;
    }

    private int load(int index) {
        if (index < state.table.length) {
            return state.table[index];
        }
        int pending = index - half / Integer.BYTES;
        return pending >= 0 && pending < state.pending.length ? state.pending[pending] : 0;
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        if (size < Integer.BYTES || offset % Integer.BYTES != 0) {
            return;
        }
        int index = (int) offset / Integer.BYTES;
        store(index, (int) value);
        if (size == Long.BYTES) {
            store(index + 1, (int) (value >>> 32));
        }
    }

    private void store(int index, int value) {
        if (index >= state.table.length) {
            return; // pending bits are read-only
        }
        state.table[index] = switch (index % ENTRY) {
            case ADDRESS -> value & ~3;
            case CONTROL -> value & CONTROL_MASKED;
            default -> value;
        };
        sendPending(index / ENTRY);
    }
}
