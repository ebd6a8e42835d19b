package org.lodgevm.manage;

/** A named machine cannot be used as asked. The message is one sentence for the user, with the way out. */
public final class ManageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** There is no such machine, or a file of it is wrong. */
        UNKNOWN,
        /** The name is taken, or is none. */
        NAME,
        /** It would have to run, or not to. */
        STATE,
        /** The host's files or the machine's process do not do what they should. */
        HOST
    }

    private final Reason reason;

    public ManageException(Reason reason, String message) {
        this(reason, message, null);
    }

    public ManageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
