package org.lodgevm.storage.zstd;

import java.io.IOException;

/** Data does not follow the format. */
public final class MalformedZstdException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedZstdException(String what) {
        super("The zstd data is malformed: " + what);
    }

    /** @throws MalformedZstdException unless what must be so is so */
    static void check(boolean sound, String what) throws MalformedZstdException {
        if (!sound) {
            throw new MalformedZstdException(what);
        }
    }
}
