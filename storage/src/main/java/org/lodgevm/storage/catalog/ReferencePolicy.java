package org.lodgevm.storage.catalog;

import java.io.IOException;
import java.nio.file.Path;
import org.lodgevm.storage.StorageException;

/**
 * Whether a file that an image names may be opened. Whoever made an image chose these names: of an image from a
 * stranger they may be any file that this process can read.
 */
@FunctionalInterface
public interface ReferencePolicy {
    /** Any file, as QEMU does. */
    ReferencePolicy ALLOW = reference -> {};

    /** None. */
    ReferencePolicy REFUSE = reference -> {
        throw refused(reference, "images may not refer to others here");
    };

    /** Returns if it may be opened. @throws StorageException if not */
    void check(Reference reference) throws IOException;

    /** Files in a folder and below, wherever symbolic links lead. */
    static ReferencePolicy within(Path folder) {
        return reference -> {
            Path path = reference.path().orElseThrow(() -> refused(reference, "only files in %s may be referred to".formatted(folder)));
            if (!path.toRealPath().startsWith(folder.toRealPath())) {
                throw refused(reference, "it is not in " + folder);
            }
        };
    }

    private static StorageException refused(Reference reference, String reason) {
        return new StorageException(reference.image(), "it refers to '%s', which was not opened: %s".formatted(reference.text(), reason));
    }
}
