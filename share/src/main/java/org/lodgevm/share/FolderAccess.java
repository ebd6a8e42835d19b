package org.lodgevm.share;

import java.io.IOException;
import java.nio.file.Path;

/** How an operating system reaches into folders. A service: the module {@code linux} provides one. */
public interface FolderAccess {
    /** Whether it works here. */
    boolean isAvailable();

    /** @param folder is followed wherever it leads: it is the owner's to say */
    SharedFolder open(Path folder) throws IOException;
}
