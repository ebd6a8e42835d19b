package org.lodgevm.vm;

/** What happens when a CPU shuts down after a triple fault. */
public enum ShutdownAction {
    /** The machine ends with {@link Outcome.Crashed}, whose message has the registers. */
    CRASH,
    /** The machine resets, as a PC does; kernels also reboot this way. {@link RebootAction} applies. */
    RESET
}
