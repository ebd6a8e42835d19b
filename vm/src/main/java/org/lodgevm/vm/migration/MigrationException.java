package org.lodgevm.vm.migration;

/** A migration did not come about. */
public final class MigrationException extends Exception {
    private static final long serialVersionUID = 1;

    /** Where the machine is now. */
    public enum Whereabouts {
        /** At the source, as if nothing had happened; at the target there is none. */
        SOURCE,
        /** At the target; it has ended here. */
        TARGET,
        /** At the target, which still needs memory from here. */
        SPLIT,
        /** Nobody answers who knows. At the source it is paused, and the target's, if that took it. */
        UNKNOWN
    }

    private final Whereabouts whereabouts;

    MigrationException(Whereabouts whereabouts, String message, Throwable cause) {
        super(message, cause);
        this.whereabouts = whereabouts;
    }

    public Whereabouts whereabouts() {
        return whereabouts;
    }
}
