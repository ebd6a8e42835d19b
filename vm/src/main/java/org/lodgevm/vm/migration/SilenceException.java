package org.lodgevm.vm.migration;

import java.io.IOException;

/** The other side says nothing any more: it is gone, or the way to it. */
final class SilenceException extends IOException {
    private static final long serialVersionUID = 1;

    SilenceException(String message) {
        super(message);
    }
}
