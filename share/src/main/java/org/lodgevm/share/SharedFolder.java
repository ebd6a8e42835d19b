package org.lodgevm.share;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;

/**
 * A folder to be shared.
 *
 * @param root closed by whoever uses the folder
 * @param uid of the user that this process acts as
 * @param gid of that user's group
 */
public record SharedFolder(Place root, int uid, int gid) {
    private static Optional<FolderAccess> access() {
        return ServiceLoader.load(FolderAccess.class).stream().map(Provider::get).filter(FolderAccess::isAvailable).findFirst();
    }

    /** Whether this host has a way to confine anybody to a folder. */
    public static boolean isAvailable() {
        return access().isPresent();
    }

    /** @throws IOException if there is no such folder, or this host has no way to confine anybody to it */
    public static SharedFolder open(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        return access().orElseThrow(() -> new IOException("folders can be shared from Linux on x86-64 only")).open(folder);
    }
}
