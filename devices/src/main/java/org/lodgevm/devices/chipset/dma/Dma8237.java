package org.lodgevm.devices.chipset.dma;

import java.util.Arrays;
import org.lodgevm.machine.IoRegion;

/**
 * The registers of one 8237A. Since nothing is transferred, a channel's current address and count are those it was given; what cannot
 * be read back (command and modes) is not kept.
 */
public final class Dma8237 {
    static final class State {
        /** Address and count, channel by channel. */
        final int[] words = new int[2 * CHANNELS];
        /** The next access is to a word's upper byte. */
        boolean upper;
        /** One bit a channel. */
        int masked = ALL;

        int requested;
    }

    private static final int CHANNELS = 4;
    private static final int ALL = (1 << CHANNELS) - 1;
    private static final int REGISTERS = 16;

    /** Registers after the words. */
    private static final int STATUS = 0x8;

    private static final int REQUEST = 0x9;
    private static final int SINGLE_MASK = 0xa;
    private static final int CLEAR_BYTE_POINTER = 0xc;
    private static final int MASTER_CLEAR = 0xd;
    private static final int CLEAR_MASK = 0xe;
    private static final int ALL_MASK = 0xf;

    /** In a write to a single mask or request bit. */
    private static final int CHANNEL = 3;

    private static final int SET = 1 << 2;

    private static final int STATUS_REQUEST_SHIFT = 4;

    final State state = new State();
    private final int spacing;

    /** @param spacing ports from one register to the next: 1, or 2 for the controller of the 16-bit channels */
    public Dma8237(int spacing) {
        this.spacing = spacing;
    }

    public synchronized void reset() {
        Arrays.fill(state.words, 0);
        clear();
    }

    private void clear() {
        state.upper = false;
        state.masked = ALL;
        state.requested = 0;
    }

    /** Number of ports. */
    public int size() {
        return REGISTERS * spacing;
    }

    public IoRegion ports() {
        return IoRegion.bytewise(new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return readRegister((int) offset / spacing);
            }

            @Override
            public void write(long offset, int size, long value) {
                writeRegister((int) offset / spacing, (int) value);
            }
        });
    }

    private synchronized int readRegister(int register) {
        if (register < state.words.length) {
            int value = state.words[register] >> byteShift();
            return value & 0xff;
        }
        return switch (register) {
            case STATUS -> state.requested << STATUS_REQUEST_SHIFT;
            case ALL_MASK -> state.masked;
            default -> 0;
        };
    }

    private synchronized void writeRegister(int register, int value) {
        if (register < state.words.length) {
            int shift = byteShift();
            state.words[register] = state.words[register] & ~(0xff << shift) | value << shift;
            return;
        }
        switch (register) {
            case REQUEST -> state.requested = withBit(state.requested, value);
            case SINGLE_MASK -> state.masked = withBit(state.masked, value);
            case CLEAR_BYTE_POINTER -> state.upper = false;
            case MASTER_CLEAR -> clear();
            case CLEAR_MASK -> state.masked = 0;
            case ALL_MASK -> state.masked = value & ALL;
            default -> {}
        }
    }

    /** Where the byte goes that is accessed now; the byte pointer moves on. */
    private int byteShift() {
        state.upper = !state.upper;
        return state.upper ? 0 : Byte.SIZE;
    }

    private static int withBit(int channels, int value) {
        int bit = 1 << (value & CHANNEL);
        return (value & SET) != 0 ? channels | bit : channels & ~bit;
    }
}
