package org.lodgevm.image.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.image.CacheException;
import org.lodgevm.image.ImageException;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;

/**
 * An image of the store.
 *
 * @param id what it is called in its store: unique, and older images sort before newer ones
 */
public record StoredImage(String id, Path folder, Manifest manifest) {
    /** The format of its disk, and of overlays. */
    public static final String FORMAT = "qcow2";

    static final String MANIFEST = "manifest";
    private static final String DISK = "disk.qcow2";
    private static final String KERNEL = "vmlinuz";
    private static final String INITRAMFS = "initrd.img";
    private static final String OVERLAYS = "overlays";

    /** By which packages' names begin that are needed to do what a seed says. */
    private static final String CLOUD_INIT = "cloud-init ";

    static StoredImage read(Path folder) throws IOException {
        return new StoredImage(folder.getFileName().toString(), folder, Manifest.read(folder.resolve(MANIFEST)));
    }

    /** The disk, which nobody writes to. */
    public Path disk() {
        return folder.resolve(DISK);
    }

    public Path kernel() {
        return folder.resolve(KERNEL);
    }

    /** Brings the root file system up that is on the first disk. */
    public Path initramfs() {
        return folder.resolve(INITRAMFS);
    }

    /**
     * What to tell the kernel. The log goes to the first UART.
     *
     * @param seeded whether there is a seed; without, cloud-init need not look for one
     */
    public String commandLine(boolean verbose, boolean seeded) {
        return "root=/dev/vda ro console=ttyS0,115200" + (seeded ? "" : " cloud-init=disabled") + (verbose ? "" : " quiet");
    }

    /** This one, which is to do what a {@link org.lodgevm.image.seed.Seed} says. @throws ImageException if it does not */
    public StoredImage requireCloudInit() {
        if (manifest.packages().stream().noneMatch(each -> each.startsWith(CLOUD_INIT))) {
            throw new ImageException("The image %s has no cloud-init, which user data is for. Make it anew: lodge pull --refresh".formatted(id));
        }
        return this;
    }

    /** Bytes of the host's that it takes. */
    public long size() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(StoredImage::sizeOf).sum();
        } catch (IOException | UncheckedIOException e) {
            throw new CacheException("Cannot read " + folder + ": " + e.getMessage() + ". Make it readable", e);
        }
    }

    /**
     * Makes a disk that starts as this one's copy. The image cannot be removed while there is a file of that name.
     *
     * @param file must not exist
     */
    public void overlay(Path file) {
        Path absolute = file.toAbsolutePath();
        need(absolute);
        try {
            createOverlay(absolute);
        } catch (IOException e) {
            throw new CacheException("Cannot make the disk " + file + ": " + e.getMessage() + ". Free some space, or choose another place", e);
        }
    }

    /** Notes a disk whose machine boots by this image: it cannot be removed while there is such a file. */
    public void need(Path disk) {
        try {
            Files.writeString(folder.resolve(OVERLAYS), disk.toAbsolutePath() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new CacheException("Cannot write " + folder.resolve(OVERLAYS) + ": " + e.getMessage() + ". Make it writable", e);
        }
    }

    void createOverlay(Path file) throws IOException {
        try (DiskImage below = Images.open(disk().toString(), OpenOptions.of(Access.READ).as(FORMAT))) {
            CreateOptions options = CreateOptions.none()
                    .with("backing_file", disk().toAbsolutePath().toString())
                    .with("backing_fmt", FORMAT);
            Images.create(file.toString(), FORMAT, below.size(), options, ReferencePolicy.ALLOW);
        }
    }

    /** The overlays that need it. */
    public List<Path> overlays() {
        Path file = folder.resolve(OVERLAYS);
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().distinct().map(Path::of).filter(Files::exists).toList()
                    : List.of();
        } catch (IOException e) {
            throw new CacheException("Cannot read " + file + ": " + e.getMessage() + ". Make it readable", e);
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
