package org.lodgevm.machine.state;

/** State that cannot be: the message says what is wrong with it, and where. */
public final class StateException extends Exception {
    private static final long serialVersionUID = 1;

    public StateException(String message) {
        super(message);
    }

    public StateException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, found inside of something that has a name. */
    StateException in(String name) {
        return new StateException(name + "/" + getMessage(), getCause());
    }
}
