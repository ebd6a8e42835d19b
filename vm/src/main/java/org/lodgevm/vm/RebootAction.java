package org.lodgevm.vm;

/** What happens when the guest resets its machine. */
public enum RebootAction {
    /** The machine resets and boots again. */
    RESTART,
    /** The machine ends with {@link Outcome.Rebooted}. */
    EXIT
}
