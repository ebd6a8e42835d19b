package org.lodgevm.cli.run;

import java.nio.file.Path;
import java.util.Optional;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.image.store.ImageStore;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.manage.MachineFile;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.MachineBuilder;

/** The system of a machine that was made from an image: the image's kernel, and a disk of the machine's own, in its folder. */
record ImageRoot(StoredImage image, Path disk) {
    /** Makes the disk of a machine that has none yet. */
    static void create(MachineFolder machine, StoredImage image) {
        image.overlay(machine.rootDisk());
    }

    /** @return nothing if the machine was not made from an image */
    static Optional<ImageRoot> of(MachineFolder machine, MachineFile file) {
        return Optional.ofNullable(file.image()).map(id -> new ImageRoot(find(machine, id), machine.rootDisk()));
    }

    private static StoredImage find(MachineFolder machine, String id) {
        return ImageStore.ofUser().find(id).orElseThrow(() -> new Failure(
                ExitStatus.NO_INPUT, "the image %s is gone, from which machine '%s' was made; nothing but lodge rm %s is left to do".formatted(id, machine.name(), machine.name())));
    }

    /** Has to be the first to add a disk. @param seeded whether cloud-init finds out from another one what it is to do */
    void describe(MachineBuilder machine, boolean seeded) {
        machine.kernel(image.kernel())
                .initrd(image.initramfs())
                .append(image.commandLine(true, seeded))
                .device(new DeviceSpec.Disk(disk.toString(), StoredImage.FORMAT, false, "root"));
    }
}
