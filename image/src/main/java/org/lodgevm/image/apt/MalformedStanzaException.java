package org.lodgevm.image.apt;

import java.io.IOException;

/** A control file does not follow its format. */
public final class MalformedStanzaException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedStanzaException(int line, String what) {
        super("line " + line + ": " + what);
    }
}
