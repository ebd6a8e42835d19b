package org.lodgevm.vm;

/** Told when a machine's disk is another one from now on, by whoever starts the machine the next time. */
@FunctionalInterface
public interface DiskMoves {
    /**
     * Called before anything is written to the disk's new place, and on return that is durable. May be called again the other way round, when nothing was.
     *
     * @throws RuntimeException if it could not be noted; then all stays as it was
     */
    void moved(DeviceSpec.Disk from, DeviceSpec.Disk to);
}
