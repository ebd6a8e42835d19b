package org.lodgevm.image.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.lodgevm.image.CacheException;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.seed.Seed;
import org.lodgevm.image.store.ImageStore;
import org.lodgevm.image.store.Manifest;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.image.store.Workplace;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;
import org.lodgevm.storage.copy.ImageCopy;
import org.lodgevm.vm.MachineSpec;

/**
 * Makes an image of another one by a recipe, which is user data for cloud-init: a machine starts from the base, cloud-init in it does what the
 * recipe says, and what it has written becomes the new image's disk, above the base's.
 */
public final class RecipeBuild {
    private static final String DISK = "disk.qcow2";

    private final StoredImage base;
    private final byte[] recipe;
    private final OutputStream console;
    private final Consumer<MachineSpec> confinement;

    /**
     * @param recipe user data
     * @param console what the machine writes to its console goes there, too
     * @param confinement called before the machine starts; what it leaves has to include writing to the store
     * @throws ImageException if the base has no cloud-init
     */
    public RecipeBuild(StoredImage base, byte[] recipe, OutputStream console, Consumer<MachineSpec> confinement) {
        this.base = base.requireCloudInit();
        this.recipe = recipe.clone();
        this.console = console;
        this.confinement = confinement;
    }

    /**
     * @param name what the image is called from now on
     * @throws ImageException if something that the recipe asks for fails; nothing is left then
     */
    public StoredImage build(String name, ImageStore store, Progress progress) {
        try (Workplace place = store.workplace(); Workplace scratch = store.workplace()) {
            Path written = scratch.file(DISK);
            base.overlay(written);
            Seed seed = Seed.withNetworkOfImage(recipe, Seed.metaData(UUID.randomUUID(), "debian"));
            List<String> packages = new RecipeMachine(base, written, seed, console).run(confinement, name, progress);
            compress(written, place.file(DISK), progress);
            Files.copy(base.kernel(), place.file(base.kernel().getFileName().toString()));
            Files.copy(base.initramfs(), place.file(base.initramfs().getFileName().toString()));
            Files.write(place.file("recipe"), recipe);
            return store.add(place, new Manifest(
                    name, Instant.now(), base.manifest().kernel(), base.manifest().source(), Optional.of(base.id()), packages));
        } catch (IOException e) {
            throw new CacheException("Cannot make the image " + name + ": " + e.getMessage() + ". Free some space on the disk, or name another"
                    + " folder in XDG_CACHE_HOME", e);
        }
    }

    /** Keeps what was written above the base. */
    private void compress(Path from, Path to, Progress progress) throws IOException {
        CreateOptions options = CreateOptions.none()
                .with("compression_type", "zstd")
                .with("backing_file", base.disk().toAbsolutePath().toString())
                .with("backing_fmt", StoredImage.FORMAT);
        try (DiskImage written = Images.open(from.toString(), OpenOptions.of(Access.READ).as(StoredImage.FORMAT))) {
            Images.create(to.toString(), StoredImage.FORMAT, written.size(), options, ReferencePolicy.ALLOW);
            try (DiskImage stored = Images.open(to.toString(), OpenOptions.of(Access.WRITE).as(StoredImage.FORMAT))) {
                new ImageCopy(written, stored, false, ImageCopy.SPARSE, true, true,
                        (done, total) -> progress.advance("compressing the disk", done, total)).run();
            }
        }
    }
}
