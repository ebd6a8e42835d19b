package org.lodgevm.vm;

/** How a machine ended. */
public sealed interface Outcome {
    /** The guest powered the machine off (ACPI S5). */
    record PoweredOff() implements Outcome {}

    /** The guest wrote {@code code} to the debug-exit device. */
    record DebugExit(int code) implements Outcome {}

    /** The guest asked for a reset and {@link RebootAction#EXIT} was chosen. */
    record Rebooted() implements Outcome {}

    /** The machine was moved, and goes on elsewhere: see {@link Machine#migration}. */
    record Migrated() implements Outcome {}

    /** {@link Machine#stop} or {@link Machine#close} was called. */
    record Stopped() implements Outcome {}

    /**
     * The machine cannot go on.
     *
     * @param message what happened: a sentence, with registers on further lines where they help
     * @param cause the host's exception, or null when the guest is to blame
     */
    record Crashed(String message, Throwable cause) implements Outcome {}
}
