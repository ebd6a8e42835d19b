package org.lodgevm.vm.snapshot;

/** A snapshot cannot be made or used. The message is one sentence for the user. */
public final class SnapshotException extends Exception {
    private static final long serialVersionUID = 1;

    public SnapshotException(String message) {
        super(message);
    }

    public SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
