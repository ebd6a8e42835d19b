package org.lodgevm.image.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.lodgevm.image.CacheException;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.cache.FileMutex;

/** The user's images. Several processes may use a store at once. */
public final class ImageStore {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Path ready;
    private final Path unfinished;
    private final Path runs;
    private final Path making;

    /** @param folder need not exist */
    public ImageStore(Path folder) {
        this.ready = folder.resolve("ready");
        this.unfinished = folder.resolve("unfinished");
        this.runs = folder.resolve("runs");
        this.making = folder.resolve("making");
    }

    /** The one in this user's cache. */
    public static ImageStore ofUser() {
        return new ImageStore(Host.current().cacheFolder().resolve("images"));
    }

    /** All, the newest first. What is in the store and no image is passed over. */
    public List<StoredImage> list() {
        List<StoredImage> images = new ArrayList<>();
        for (Path candidate : children(ready)) {
            try {
                images.add(StoredImage.read(candidate));
            } catch (IOException damaged) {
                // What has no manifest was put there by somebody else, or is just being deleted.
            }
        }
        images.sort(Comparator.comparing((StoredImage image) -> image.manifest().created()).reversed());
        return images;
    }

    /** @param name or id; by its name, the newest one is found */
    public Optional<StoredImage> find(String name) {
        return list().stream().filter(image -> image.manifest().name().equals(name) || image.id().equals(name)).findFirst();
    }

    /**
     * The newest image of that name; if there is none, it is made, but not by two processes at once.
     *
     * @param make makes it, and adds it
     * @param whenWaiting is run if another process is making it
     */
    public StoredImage findOrMake(String name, Supplier<StoredImage> make, Runnable whenWaiting) {
        Optional<StoredImage> present = find(name);
        if (present.isPresent()) {
            return present.get();
        }
        Path file = making.resolve(fileName(name) + ".lock");
        try {
            Files.createDirectories(making);
            try (FileMutex _ = FileMutex.acquire(file, whenWaiting)) {
                return find(name).orElseGet(make);
            }
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static String fileName(String name) {
        return name.replace(':', '-');
    }

    /** Where an image of that id is, or would be. */
    public Path place(String id) {
        return ready.resolve(id);
    }

    /** Where all of it is. */
    public Path folder() {
        return ready.getParent();
    }

    /** A folder of one's own to make an image or keep a run's disk in, deleted when it is closed or its process has died. */
    public Workplace workplace() {
        return workplace(unfinished);
    }

    /** A disk that starts as the image's copy, and ends with the run that it is for. */
    public RunDisk runDisk(StoredImage image) {
        Workplace place = workplace(runs);
        try {
            Path disk = place.file("disk.qcow2");
            image.createOverlay(disk);
            return new RunDisk(place, disk);
        } catch (IOException e) {
            place.close();
            throw cannotWrite(place.folder(), e);
        }
    }

    /** Makes what is in a workplace an image: the files that {@link StoredImage} has, but the manifest. */
    public StoredImage add(Workplace place, Manifest manifest) {
        try {
            manifest.write(place.file(StoredImage.MANIFEST));
            Files.createDirectories(ready);
            String stem = fileName(manifest.name()) + "-" + TIME.format(manifest.created());
            for (int count = 1;; count++) {
                Path made = ready.resolve(count == 1 ? stem : stem + "-" + count);
                try {
                    Files.move(place.content(), made, StandardCopyOption.ATOMIC_MOVE);
                    return StoredImage.read(made);
                } catch (FileSystemException e) {
                    if (!Files.exists(made)) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw cannotWrite(ready, e);
        }
    }

    /** The images whose disks are above this one's. */
    private List<StoredImage> derived(StoredImage image) {
        return list().stream().filter(other -> other.manifest().base().filter(image.id()::equals).isPresent()).toList();
    }

    private boolean isNeeded(StoredImage image) {
        return !image.overlays().isEmpty() || !derived(image).isEmpty();
    }

    /** @throws ImageException if a disk or another image needs it */
    public void remove(StoredImage image) {
        List<Path> needed = image.overlays();
        if (!needed.isEmpty()) {
            throw new ImageException("The image " + image.id() + " is needed by " + needed.getFirst()
                    + ". Remove the machine that this disk belongs to first");
        }
        List<StoredImage> derived = derived(image);
        if (!derived.isEmpty()) {
            throw new ImageException("The image " + image.id() + " is what " + derived.getFirst().id() + " was built on. Remove that first");
        }
        try (Workplace grave = workplace()) {
            Files.move(image.folder(), grave.file(image.id()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw cannotWrite(image.folder(), e);
        }
    }

    /**
     * Removes images of which there is a newer one of the same name, unless a disk or another image needs them, and what killed processes
     * left.
     *
     * @return the images removed
     */
    public List<StoredImage> prune() {
        Workplace.sweep(unfinished);
        Workplace.sweep(runs);
        Set<String> names = new TreeSet<>();
        List<StoredImage> superseded = list().stream().filter(image -> !names.add(image.manifest().name())).toList();
        List<StoredImage> removed = new ArrayList<>();
        for (StoredImage image : superseded) { // the newest first: those that were built on others before these
            if (!isNeeded(image)) {
                remove(image);
                removed.add(image);
            }
        }
        return removed;
    }

    private Workplace workplace(Path parent) {
        try {
            Files.createDirectories(parent);
            Workplace.sweep(parent);
            return Workplace.in(parent);
        } catch (IOException e) {
            throw cannotWrite(parent, e);
        }
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new CacheException("Cannot read " + folder + ": " + e.getMessage() + ". Make it readable", e);
        }
    }

    private static CacheException cannotWrite(Path file, IOException cause) {
        return new CacheException("Cannot write " + file + ": " + cause.getMessage()
                + ". Free some space on its disk, make it writable, or name another folder in XDG_CACHE_HOME", cause);
    }
}
