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
    /** It has come from another place, and runs as far as it can without memory that is there: there is no connection. */
    INCOMPLETE,
    PAUSED,
    /** It runs at another place, and memory that it needs there is still here. */
    LEAVING,
    /** It ended in an orderly way: by its guest, or by a command. */
    STOPPED,
    /** Its process was killed, or broke down. */
    CRASHED,
    /** Its process is there and does not answer. */
    HUNG;

    /** Whether a process has it. */
    public boolean isAlive() {
        return this != CREATED && this != STOPPED && this != CRASHED;
    }

    /** Whether its process can tell what it is made of. */
    public boolean isBuilt() {
        return this == RUNNING || this == INCOMPLETE || this == PAUSED || this == LEAVING;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
