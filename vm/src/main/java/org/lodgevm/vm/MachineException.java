package org.lodgevm.vm;

/** A machine cannot be assembled or used on this host as asked. The message is one sentence for the user. */
public final class MachineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MachineException(String message) {
        super(message);
    }

    public MachineException(String message, Throwable cause) {
        super(message, cause);
    }
}
