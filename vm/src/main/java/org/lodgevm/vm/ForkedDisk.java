package org.lodgevm.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk that a machine could write to when it was forked. What it had on it then is frozen: this machine goes on in an overlay, and so does each copy, in one of its own.
 *
 * @param overlay where this machine goes on
 * @param frozen what the overlays are based on, an absolute path; nobody writes to it as long as a machine runs that reads it
 * @param format of {@code frozen}
 * @param size of the disk in bytes
 * @param files of which {@code frozen} consists: its own, then those that it is based on
 */
public record ForkedDisk(DeviceSpec.Disk overlay, String frozen, String format, long size, List<String> files) {
    /**
     * Makes an overlay for a copy.
     *
     * @param base where what is frozen is found by the copy
     * @param folder where the copy goes on
     * @throws MachineException if that is not possible
     */
    public DeviceSpec.Disk over(String base, Path folder) {
        try {
            return DiskFork.overlay(overlay, base, format, size, folder);
        } catch (IOException e) {
            throw new MachineException("the disk %s cannot have an overlay: %s".formatted(base, e.getMessage()), e);
        }
    }
}
