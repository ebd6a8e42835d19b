package org.lodgevm.devices.chipset.debug;

import java.util.List;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/** QEMU's test device, on which kvm-unit-tests exercise port and memory accesses of every width, and interrupt lines. */
public final class TestDevice {
    /** Ports of {@link #ports}. */
    public static final int PORTS = 12;
    /** Ports of {@link #lines}. */
    public static final int LINES = 24;
    /** Bytes of {@link #memory}. */
    public static final int MEMORY = 0x1_0000;

    static final class State {
        int echo;
        final byte[] memory = new byte[MEMORY];
    }

    /** Ports of the register that echoes, once for accesses of any width and once for bytes; they behave alike. */
    private static final int ECHO = 0;

    private static final int ECHO_BYTES = 8;
    private static final int ECHO_MASK = 3;

    final State state = new State();
    private final List<IrqLine> lines;

    /** @param lines what a write to each of the {@link #LINES} ports drives */
    public TestDevice(List<IrqLine> lines) {
        this.lines = List.copyOf(lines);
    }

    public void reset() {
        synchronized (this) {
            state.echo = 0;
        }
        lines.forEach(line -> line.set(false));
    }

    /**
     * Four ports that read as they were written; four that take the address of a page which the host is to map anew, which means
     * nothing here; and the first four again.
     */
    public IoRegion ports() {
        return new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return isEcho(offset) ? echo((int) offset & ECHO_MASK) : -1;
            }

            @Override
            public void write(long offset, int size, long value) {
                if (isEcho(offset)) {
                    echo((int) offset & ECHO_MASK, size, (int) value);
                }
            }
        };
    }

    private static boolean isEcho(long offset) {
        return (offset & ~ECHO_MASK) == ECHO || (offset & ~ECHO_MASK) == ECHO_BYTES;
    }

    private synchronized long echo(int first) {
        return (state.echo & 0xffff_ffffL) >>> 8 * first;
    }

    private synchronized void echo(int first, int size, int value) {
        int mask = (int) (0xffff_ffffL >>> 32 - 8 * size) << 8 * first;
        state.echo = state.echo & ~mask | value << 8 * first & mask;
    }

    /** A port for each interrupt line: zero lowers it, anything else raises it. */
    public IoRegion lines() {
        return IoRegion.bytewise(new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return 0xff;
            }

            @Override
            public void write(long offset, int size, long value) {
                if (offset < lines.size()) {
                    lines.get((int) offset).set(value != 0);
                }
            }
        });
    }

    /** Memory that is reached as device registers are. */
    public IoRegion memory() {
        return IoRegion.bytewise(new IoRegion() {
            @Override
            public long read(long offset, int size) {
                synchronized (TestDevice.this) {
                    return offset < MEMORY ? state.memory[(int) offset] : -1;
                }
            }

            @Override
            public void write(long offset, int size, long value) {
                synchronized (TestDevice.this) {
                    if (offset < MEMORY) {
                        state.memory[(int) offset] = (byte) value;
                    }
                }
            }
        });
    }
}
