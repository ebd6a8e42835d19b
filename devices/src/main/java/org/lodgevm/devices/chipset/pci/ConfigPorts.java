package org.lodgevm.devices.chipset.pci;

import org.lodgevm.machine.IoRegion;

/** Configuration mechanism #1: CONFIG_ADDRESS at 0xcf8 and CONFIG_DATA at 0xcfc. @pci 3.2.2.3.2 */
public final class ConfigPorts implements IoRegion {
    public static final int SIZE = 8;

    static final class State {
        int address;
    }

    private static final int CONFIG_DATA = 4;
    private static final int ENABLE = 1 << 31;
    private static final int ADDRESS_BITS = 0x80ff_fffc;

    final State state = new State();
    private final PciBus bus;

    public ConfigPorts(PciBus bus) {
        this.bus = bus;
    }

    public synchronized void reset() {
        state.address = 0;
    }

    private synchronized int address() {
        return state.address;
    }

    private synchronized void address(int value) {
        state.address = value & ADDRESS_BITS;
    }

    /** CONFIG_ADDRESS is there for accesses of four bytes only; others pass it by. */
    @Override
    public long read(long offset, int size) {
        int address = address();
        if (offset == 0 && size == Integer.BYTES) {
            return address & 0xffff_ffffL;
        } else if (offset < CONFIG_DATA || (address & ENABLE) == 0) {
            return -1;
        }
        return bus.read(address >> 8 & 0xffff, register(address, offset), size);
    }

    @Override
    public void write(long offset, int size, long value) {
        int address = address();
        if (offset == 0 && size == Integer.BYTES) {
            address((int) value);
        } else if (offset >= CONFIG_DATA && (address & ENABLE) != 0) {
            bus.write(address >> 8 & 0xffff, register(address, offset), size, (int) value);
        }
    }

    private static int register(int address, long offset) {
        return (address & 0xfc) + (int) offset - CONFIG_DATA;
    }
}
