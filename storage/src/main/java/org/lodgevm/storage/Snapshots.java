package org.lodgevm.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The states that an image keeps inside. Changes are all or nothing, whatever happens meanwhile. */
public interface Snapshots {
    List<Entry> list() throws IOException;

    /** Keeps the present state. */
    Entry create(String name) throws IOException;

    /** Goes back to a state, which is kept. @param nameOrId an identifier, or else a name */
    void apply(String nameOrId) throws IOException;

    void delete(String nameOrId) throws IOException;

    /** A state as a disk that can be read, as long as the image is open and keeps it. */
    DiskImage open(String nameOrId) throws IOException;

    /**
     * One state.
     *
     * @param vmStateSize of the saved machine, in bytes
     * @param diskSize of the disk then
     * @param vmClockNanos how long the guest had run
     */
    record Entry(String id, String name, Instant date, long vmClockNanos, long vmStateSize, long diskSize) {}
}
