package org.lodgevm.machine;

import java.nio.file.Path;
import java.util.List;

/**
 * Takes from this process, for good, what running a guest does not need, so that a guest that got the better of its CPU or of a device
 * has gained little. Found by {@link java.util.ServiceLoader}; the {@code linux} module offers one.
 */
public interface Confinement {
    /**
     * One thing that stands in an intruder's way.
     *
     * @param name what the host's documentation calls it
     * @param effect what it keeps a confined process from, in a few words
     * @param unavailable null where the host has it, else one sentence that says why not
     */
    record Barrier(String name, String effect, String unavailable) {}

    /**
     * What a confined process may still do with files beside those that it has open, which it keeps and may open again.
     *
     * @param readable files, and folders with all that is in them
     * @param writable the same; such a folder's files may be made and deleted, and at last the folder
     */
    record Access(List<Path> readable, List<Path> writable) {
        public Access {
            readable = List.copyOf(readable);
            writable = List.copyOf(writable);
        }
    }

    /**
     * How much of the host's this process may take.
     *
     * @param memory in bytes, the guest's and Lodge's own; or {@link #UNLIMITED}
     * @param cpuPercent CPU time in a hundredth of a CPU's; or {@link #UNLIMITED}
     */
    record Resources(long memory, long cpuPercent) {
        public static final long UNLIMITED = -1;
    }

    /**
     * Limits what this process takes, for as long as it lives.
     *
     * @throws IllegalStateException if this host or user cannot; in one sentence
     */
    void limit(Resources resources);

    /** What there is on this host, raised or not. */
    List<Barrier> barriers();

    /**
     * Goes through what getting barriers ready and raising them takes, without confining anything: what the JVM does for the first time takes it long, and a
     * process that will soon be confined can have it behind it. On a thread that has nothing else to do.
     *
     * @throws RuntimeException if that fails, as the real thing then will
     */
    void rehearse();

    /** Gets all barriers ready that this host has. Nothing is confined yet. */
    Prepared prepare(Access access);

    /** Barriers that only have to be raised. */
    interface Prepared extends AutoCloseable {
        /**
         * Raises them around every thread of this process, the JVM's own as well.
         *
         * @throws RuntimeException if one that the host has cannot be raised; the process may then be confined in part
         */
        void raise();

        @Override
        void close();
    }
}
