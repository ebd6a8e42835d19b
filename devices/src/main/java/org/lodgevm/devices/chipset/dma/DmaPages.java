package org.lodgevm.devices.chipset.dma;

import java.util.Arrays;
import org.lodgevm.machine.IoRegion;

/**
 * The page registers: bits 23:16 of each channel's address. Sixteen bytes from port 0x80 on; the first, which no channel uses, shows
 * the progress of a power-on self-test.
 */
public final class DmaPages {
    public static final int SIZE = 16;

    static final class State {
        final byte[] pages = new byte[SIZE];
    }

    final State state = new State();

    public synchronized void reset() {
        Arrays.fill(state.pages, (byte) 0);
    }

    public IoRegion ports() {
        return IoRegion.bytewise(new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return page((int) offset);
            }

            @Override
            public void write(long offset, int size, long value) {
                page((int) offset, (int) value);
            }
        });
    }

    private synchronized int page(int index) {
        return index < SIZE ? state.pages[index] & 0xff : 0xff;
    }

    private synchronized void page(int index, int value) {
        if (index < SIZE) {
            state.pages[index] = (byte) value;
        }
    }
}
