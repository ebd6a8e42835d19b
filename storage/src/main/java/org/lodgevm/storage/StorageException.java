package org.lodgevm.storage;

import java.io.IOException;

/** An image cannot be used as was asked. The message says which, where in it, and why. */
public class StorageException extends IOException {
    private static final long serialVersionUID = 1;

    public StorageException(String image, String problem) {
        super(image + ": " + problem);
    }

    public StorageException(String image, long offset, String problem) {
        super("%s: at offset %#x: %s".formatted(image, offset, problem));
    }

    /** The host refused. */
    public StorageException(String image, long offset, String problem, IOException cause) {
        super("%s: at offset %#x: %s: %s".formatted(image, offset, problem, cause.getMessage()), cause);
    }

    public StorageException(String image, String problem, IOException cause) {
        super("%s: %s: %s".formatted(image, problem, cause.getMessage()), cause);
    }

    /** Whether the host's disk is full, so that the same may succeed later. */
    public boolean isHostFull() {
        String reason = getCause() == null ? null : getCause().getMessage();
        return reason != null && (reason.contains("No space left on device") || reason.contains("Disk quota exceeded") || reason.contains("not enough space"));
    }
}
