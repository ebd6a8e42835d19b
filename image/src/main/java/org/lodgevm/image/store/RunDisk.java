package org.lodgevm.image.store;

import java.nio.file.Path;

/**
 * A disk for one run. Closing deletes it.
 *
 * @param file in the format {@link StoredImage#FORMAT}
 */
public record RunDisk(Workplace place, Path file) implements AutoCloseable {
    /** What is deleted with it. */
    public Path folder() {
        return place.folder();
    }

    @Override
    public void close() {
        place.close();
    }
}
