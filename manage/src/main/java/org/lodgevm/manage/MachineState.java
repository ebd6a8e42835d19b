package org.lodgevm.manage;

import java.util.Locale;

/** Where a named machine is in its life. */
public enum MachineState {
    /** Never started. */
    CREATED,
    /** Its process gets ready. */
    STARTING,
    /** It comes from another place, where it still runs. */
    ARRIVING,
    /** It runs at another place, and goes on here when that is gone. */
    STANDBY,
    RUNNING,
    PAUSED,
    /** It ended in an orderly way: by its guest, or by a command. */
    STOPPED,
    /** Its process was killed, or broke down. */
    CRASHED,
    /** Its process is there and does not answer. */
    HUNG;

    /** Whether a process has it. */
    public boolean isAlive() {
        return this == STARTING || this == ARRIVING || this == STANDBY || this == RUNNING || this == PAUSED || this == HUNG;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
