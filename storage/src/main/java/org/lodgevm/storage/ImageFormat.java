package org.lodgevm.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A way to keep a disk in a file. */
public interface ImageFormat {
    /** As users call it: {@code qcow2}. */
    String name();

    /**
     * Whether a file is of this format.
     *
     * @param head its beginning, {@link #HEAD} bytes or the whole file, at position 0; big-endian
     */
    boolean recognises(ByteBuffer head, ByteStore store) throws IOException;

    /** Opens an image. The store is the image's from now on; when this fails it is the caller's to close. */
    DiskImage open(ByteStore store, Surroundings surroundings) throws IOException;

    /**
     * Makes a new image in an empty store.
     *
     * @param size of the disk, in bytes
     * @param options those of {@code -o}; all must be known
     */
    void create(ByteStore store, long size, CreateOptions options, Surroundings surroundings) throws IOException;

    /** How much of a file's beginning is looked at. */
    int HEAD = 2048;
}
