package org.lodgevm.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.manage.Adoption;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.migration.ComingDisk;

/** New images, in a machine's folder, for disks that come along with it. */
final class ArrivingDisks {
    private static final String RAW = "raw";
    private static final String OTHERS = "qcow2";
    private static final int MEBI_SHIFT = 20;

    private final Adoption machine;
    private final List<ComingDisk> coming;
    private final List<Path> images = new ArrayList<>();

    /** @throws IOException if there is no room for them */
    ArrivingDisks(Adoption machine, List<ComingDisk> coming) throws IOException {
        this.machine = machine;
        Path folder = machine.folder().path();
        this.coming = coming;
        long needed = coming.stream().mapToLong(ComingDisk::bytes).sum();
        long room = Files.getFileStore(folder).getUsableSpace();
        if (needed > room) {
            throw new IOException("the machine's disks hold %d MiB, and there is room for %d MiB in %s at the target".formatted(
                    needed >> MEBI_SHIFT, room >> MEBI_SHIFT, folder));
        }
    }

    /** Where a disk of the machine is here: those that can be written to, in their order, are those that come. */
    DeviceSpec.Disk place(DeviceSpec.Disk disk) {
        if (disk.readOnly()) {
            return disk;
        }
        if (images.size() == coming.size()) {
            throw new Failure(ExitStatus.NO_INPUT, "%d disks come along, and the machine has more that can be written to".formatted(coming.size()));
        }
        ComingDisk content = coming.get(images.size());
        String format = content.format().equals(RAW) ? RAW : OTHERS;
        Path image = machine.newDisk(disk.image(), format);
        images.add(image);
        try {
            Images.create(image.toString(), format, content.size(), CreateOptions.none(), ReferencePolicy.REFUSE);
        } catch (IOException e) {
            throw new Failure(ExitStatus.HOST, "the image %s cannot be made at the target: %s".formatted(image, e.getMessage()), e);
        }
        return disk.in(image.toString(), format);
    }

    List<Path> images() {
        return images;
    }
}
