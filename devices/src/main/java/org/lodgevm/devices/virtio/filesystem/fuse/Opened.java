package org.lodgevm.devices.virtio.filesystem.fuse;

import java.util.concurrent.atomic.AtomicInteger;
import org.lodgevm.share.OpenFile;
import org.lodgevm.share.OpenFolder;

/** A file or folder that is open on the host, as long as somebody uses it. */
final class Opened implements AutoCloseable {
    private final OpenFile file;
    private final OpenFolder folder;
    private final AtomicInteger users = new AtomicInteger(1);

    /** One of the two; it is closed when its last user has {@link #close}d this. */
    Opened(OpenFile file, OpenFolder folder) {
        this.file = file;
        this.folder = folder;
    }

    /** Null if it is a folder. */
    OpenFile file() {
        return file;
    }

    /** Null if it is a file. */
    OpenFolder folder() {
        return folder;
    }

    /** There is one more user. The caller is one. */
    Opened use() {
        users.incrementAndGet();
        return this;
    }

    /** There is one user less. */
    @Override
    public void close() {
        if (users.decrementAndGet() == 0) {
            if (file != null) {
                file.close();
            } else {
                folder.close();
            }
        }
    }
}
