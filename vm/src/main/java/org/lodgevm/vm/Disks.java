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
        String why = "it refers to '%s', which a guest could have written onto a raw disk; if it is meant, name the format, as in format=qcow2";
        throw new StorageException(reference.image(), why.formatted(reference.text()));
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
