package org.lodgevm.devices.chipset.power;

import org.lodgevm.machine.IoRegion;

/** APM control and status: where ACPI's owner asks firmware to enter or leave ACPI mode. Byte-wide registers. ICH9 13.7.4 */
public final class SmiCommand implements IoRegion {
    public static final int SIZE = 2;

    static final class State {
        int control;
        int status;
    }

    private static final int CONTROL = 0;

    final State state = new State();
    private final PowerManagement powerManagement;
    private final int enable;
    private final int disable;

    /**
     * @param enable the command that turns ACPI on
     * @param disable the command that turns it off
     */
    public SmiCommand(PowerManagement powerManagement, int enable, int disable) {
        this.powerManagement = powerManagement;
        this.enable = enable;
        this.disable = disable;
    }

    public synchronized void reset() {
        state.control = 0;
        state.status = 0;
    }

    @Override
    public synchronized long read(long offset, int size) {
        return offset == CONTROL ? state.control : state.status;
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        if (offset != CONTROL) {
            state.status = (int) value;
            return;
        }
        state.control = (int) value;
        if (value == enable || value == disable) {
            powerManagement.acpi(value == enable);
        }
    }
}
