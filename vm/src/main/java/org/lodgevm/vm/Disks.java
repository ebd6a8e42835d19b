package org.lodgevm.vm;

import java.io.IOException;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;

/** Opens the images that a specification names. */
final class Disks {
    /** For an image whose format was guessed. */
    private static final ReferencePolicy UNTRUSTED = reference -> {
        throw new StorageException(reference.image(), "it refers to '%s'; say which format it has if that is meant to be".formatted(
                reference.text()));
    };

    private Disks() {}

    /** What the machine does with it. */
    static Access access(DeviceSpec.Disk disk) {
        return disk.readOnly() ? Access.READ : Access.WRITE;
    }

    /** @throws MachineException if that is not possible */
    static DiskImage open(DeviceSpec.Disk disk, Access access) {
        OpenOptions options = disk.cache() == DeviceSpec.Disk.Cache.NONE ? OpenOptions.of(access).pastCache() : OpenOptions.of(access);
        try {
            return Images.open(disk.image(), disk.format() == null ? options.under(UNTRUSTED) : options.as(disk.format()));
        } catch (IOException e) {
            throw new MachineException("the disk cannot be opened: " + e.getMessage(), e);
        }
    }
}
