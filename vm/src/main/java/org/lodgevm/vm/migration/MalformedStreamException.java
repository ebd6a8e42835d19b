package org.lodgevm.vm.migration;

import java.io.IOException;

/** The other side does not follow the protocol. */
final class MalformedStreamException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedStreamException(String message) {
        super(message);
    }
}
