package org.lodgevm.manage.control;

import java.io.IOException;

/** A request that a machine's process refused, or did not understand. */
public final class ControlException extends IOException {
    private static final long serialVersionUID = 1;

    private final Code code;

    /** Why, for programs. */
    public enum Code {
        /** What was sent is no request, or not one of this protocol. */
        MALFORMED,
        /** The machine is not in a state for it: not there yet, or ended. */
        STATE,
        /** The guest cannot do it: it has no agent, or no terminal left. */
        GUEST,
        /** A fault in Lodge. */
        INTERNAL
    }

    public ControlException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
