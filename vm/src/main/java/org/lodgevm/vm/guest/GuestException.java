package org.lodgevm.vm.guest;

import java.io.IOException;

/** A guest cannot do what was asked of it, or went away meanwhile. The message is one sentence for the user. */
public final class GuestException extends IOException {
    private static final long serialVersionUID = 1;

    public GuestException(String message) {
        super(message);
    }
}
