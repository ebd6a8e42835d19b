package org.lodgevm.image.deb;

import java.io.IOException;

/** A package does not follow its formats. The message says where, as the start of a sentence. */
public final class MalformedPackageException extends IOException {
    private static final long serialVersionUID = 1;

    public MalformedPackageException(String message) {
        super(message);
    }

    public MalformedPackageException(String message, Throwable cause) {
        super(message, cause);
    }
}
