package org.lodgevm.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.ReferencePolicy;

/**
 * The move of one disk to an overlay. Until {@link #apply} nothing has changed for the guest, and a machine that is started with an overlay to which nothing was
 * written finds the same content as one that is started without.
 */
final class DiskFork {
    private static final String FORMAT = "qcow2";
    private static final int LETTERS = 8;

    private final HandedDisk disk;
    private final DeviceSpec.Disk before;
    private final DeviceSpec.Disk after;

    private DiskFork(HandedDisk disk, DeviceSpec.Disk before, DeviceSpec.Disk after) {
        this.disk = disk;
        this.before = before;
        this.after = after;
    }

    /** Makes the overlay. @throws MachineException if that is not possible */
    static DiskFork prepare(HandedDisk disk, Path folder) {
        DeviceSpec.Disk before = disk.spec();
        try {
            return new DiskFork(disk, before, overlay(before, before.image(), disk.format(), disk.size(), folder));
        } catch (IOException e) {
            throw cannot(before, e);
        }
    }

    private static MachineException cannot(DeviceSpec.Disk disk, IOException e) {
        return new MachineException("the disk %s cannot be forked: %s".formatted(disk.image(), e.getMessage()), e);
    }

    /** By its name alone if it is in the overlay's folder, so that both can be moved or linked elsewhere. */
    private static String location(Path folder, String base) throws IOException {
        Path path = Path.of(base).toRealPath();
        return path.getParent().equals(folder.toRealPath()) ? path.getFileName().toString() : path.toString();
    }

    /** An empty one in a folder. @param of whose identity the disk has */
    static DeviceSpec.Disk overlay(DeviceSpec.Disk of, String base, String format, long size, Path folder) throws IOException {
        Path file = folder.resolve("fork-%s.qcow2".formatted(UUID.randomUUID().toString().substring(0, LETTERS)));
        Images.create(file.toString(), FORMAT, size, CreateOptions.none().with("backing_file", location(folder, base)).with("backing_fmt", format), ReferencePolicy.ALLOW);
        return of.in(file.toString(), FORMAT);
    }

    DeviceSpec.Disk before() {
        return before;
    }

    DeviceSpec.Disk after() {
        return after;
    }

    /** The machine stands still. What nobody wrote to since the last fork stays as it is: its base has the same content. */
    void apply() {
        disk.fork(before, after);
    }

    /** Whether the machine goes on in the overlay that was made here. */
    boolean isApplied() {
        return disk.spec().equals(after);
    }

    void drop() {
        try {
            Files.deleteIfExists(Path.of(after.image()));
        } catch (IOException e) {
            // an empty file that nobody names
        }
    }

    ForkedDisk result() {
        DiskImage base = disk.base();
        try {
            List<String> files = Stream.iterate(Optional.of(base), Optional::isPresent, image -> image.get().backing()).map(image -> image.get().name()).toList();
            return new ForkedDisk(disk.spec(), Path.of(base.name()).toAbsolutePath().toString(), base.info().format(), disk.size(), files);
        } catch (IOException e) {
            throw cannot(before, e);
        }
    }
}
