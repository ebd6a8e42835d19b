package org.lodgevm.machine;

/** What a device asks of the whole machine. Any thread; the machine acts soon after. */
public interface PowerControl {
    /** ACPI S5 or its like. */
    void powerOff();

    /** @param source what asked for it, for the log: {@code keyboard controller}, {@code port 0xcf9}, ... */
    void reset(String source);

    /** The debug-exit device was written: the machine ends with this code. */
    void debugExit(int code);
}
