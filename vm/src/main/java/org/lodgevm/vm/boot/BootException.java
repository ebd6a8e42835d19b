package org.lodgevm.vm.boot;

/** What was given to boot from cannot be booted. The message is one sentence for the user: what, where, what to do. */
public final class BootException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BootException(String message) {
        super(message);
    }

    public BootException(String message, Throwable cause) {
        super(message, cause);
    }
}
