package org.lodgevm.image.guest;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.CacheException;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.apt.Source;
import org.lodgevm.image.debian.PackageRecord;
import org.lodgevm.image.guest.Acquisition.Obtained;
import org.lodgevm.image.initramfs.CpioWriter;
import org.lodgevm.image.initramfs.Initramfs;
import org.lodgevm.image.iso.IsoWriter;
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

/**
 * Makes an image of a distribution's packages. They are chosen, fetched and checked here, and installed inside of a guest by their
 * own dpkg, so that it takes neither privilege nor a host that knows what a Debian package is.
 */
public final class DistributionInstaller {
    /** Of the disk, as the guest sees it; what is not used takes no space on the host. */
    private static final long DISK = 16L << 30;

    private static final List<String> DRIVERS = List.of("virtio_pci", "virtio_blk");
    private static final List<String> INSTALL_DRIVERS = List.of("isofs");
    private static final List<String> INSTALL_TOOLS = List.of("e2fsprogs");

    private final DebianPackages packages;
    private final Distribution distribution;
    private final List<String> more;

    private DistributionInstaller(DebianPackages packages, Distribution distribution, List<String> more) {
        this.packages = packages.of(distribution);
        this.distribution = distribution;
        this.more = List.copyOf(more);
    }

    public static DistributionInstaller of(DebianPackages packages, Distribution distribution) {
        return new DistributionInstaller(packages, distribution, List.of());
    }

    /** With further packages, beside those that every image has. */
    public DistributionInstaller with(List<String> names) {
        return new DistributionInstaller(packages, distribution, names);
    }

    /**
     * The image of that name, made of what the archive has now if there is none yet.
     *
     * @throws ImageException as {@link #install(String, ImageStore, Progress)}
     */
    public StoredImage obtain(String name, ImageStore store, Progress progress) {
        return store.findOrMake(name, () -> install(name, store, progress), () -> progress.note("Waiting for another lodge that is making " + name));
    }

    /**
     * Makes an image of what the archive has now.
     *
     * @param name what it is called from now on
     * @throws ImageException if that is not possible; nothing is left then but downloads, which need not be repeated
     */
    public StoredImage install(String name, ImageStore store, Progress progress) {
        try (Workplace place = store.workplace(); Workplace scratch = store.workplace()) {
            return install(name, store, place, scratch, progress);
        } catch (IOException e) {
            throw new CacheException("Cannot make the image " + name + ": " + e.getMessage() + ". Free some space on the disk, or name another"
                    + " folder in XDG_CACHE_HOME", e);
        }
    }

    private StoredImage install(String name, ImageStore store, Workplace place, Workplace scratch, Progress progress)
            throws IOException {
        Path kernel = place.file("vmlinuz");
        Path initramfs = place.file("initrd.img");
        Path media = scratch.file("packages.iso");
        Path tools = packages.tree(INSTALL_TOOLS, Architecture.AMD64, progress);
        PackageClosure closure;
        Map<String, byte[]> modules;
        try (Acquisition acquisition = new Acquisition(packages, progress)) {
            closure = PackageClosure.of(acquisition.index(Architecture.AMD64), more);
            List<Obtained> obtained = acquisition.obtain(closure.all());
            progress.advance("unpacking the kernel", 0, Progress.UNKNOWN);
            PackageFiles kernelFiles = new PackageFiles(obtained.stream().filter(DistributionInstaller::isKernel).toList());
            storeKernel(kernelFiles, kernel);
            KernelModules kernelModules = new KernelModules(kernelFiles);
            modules = kernelModules.withDependencies(INSTALL_DRIVERS);
            Initramfs tree = new Initramfs(DebianGuest.busybox(acquisition.obtain(DebianGuest.BUSYBOX, Architecture.AMD64)));
            kernelModules.withDependencies(DRIVERS).forEach(tree::module);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(initramfs))) {
                tree.write(out);
            }
            writeMedia(closure, obtained, media);
        }
        Path written = scratch.file("disk.qcow2");
        Images.create(written.toString(), StoredImage.FORMAT, DISK, CreateOptions.none(), ReferencePolicy.ALLOW);
        ByteArrayOutputStream initrd = new ByteArrayOutputStream();
        Files.copy(initramfs, initrd);
        Files.copy(tools, initrd);
        initrd.writeBytes(overlay(modules));
        new InstallerMachine(kernel, initrd.toByteArray(), written, media)
                .run(closure.base().size(), closure.all().size(), distribution.toString(), progress);
        compress(written, place.file("disk.qcow2"), progress);
        return store.add(place, new Manifest(
                name,
                packages.host().clock().instant(),
                closure.all().stream().filter(DistributionInstaller::isKernel).findFirst().map(PackageRecord::toString).orElse(""),
                packages.sources().stream().map(Source::toString).collect(Collectors.joining(", ")),
                Optional.empty(),
                closure.all().stream().map(PackageRecord::toString).sorted().toList()));
    }

    private static boolean isKernel(Obtained obtained) {
        return obtained.file().name().startsWith("linux-image-") && !obtained.file().name().equals(PackageClosure.KERNEL);
    }

    private static boolean isKernel(PackageRecord record) {
        return record.name().startsWith("linux-image-") && !record.name().equals(PackageClosure.KERNEL);
    }

    private static void storeKernel(PackageFiles files, Path kernel) {
        AtomicReference<Boolean> found = new AtomicReference<>(false);
        files.visit(PackageFiles.glob(DebianGuest.KERNEL_FILE), (entry, content) -> {
            Files.copy(content, kernel);
            found.set(true);
            return false;
        });
        if (!found.get()) {
            throw files.lacks(DebianGuest.KERNEL_FILE);
        }
    }

    private static void writeMedia(PackageClosure closure, List<Obtained> obtained, Path media) throws IOException {
        IsoWriter iso = new IsoWriter("PACKAGES");
        Map<String, String> files = new LinkedHashMap<>();
        for (Obtained one : obtained) {
            String file = "p%04d.deb".formatted(files.size());
            files.put(one.file().name(), file);
            iso.file(file, one.deb());
        }
        iso.file("base", lines(closure.base().stream().map(record -> files.get(record.name())).toList()));
        iso.file("others", lines(closure.others().stream().map(record -> files.get(record.name())).toList()));
        iso.file("names", lines(files.entrySet().stream().map(file -> file.getValue() + " " + file.getKey()).toList()));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(media))) {
            iso.write(out);
        }
    }

    private static byte[] lines(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** What the installing guest has beside its initial tree and its tools. */
    private byte[] overlay(Map<String, byte[]> modules) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioWriter archive = new CpioWriter(bytes)) {
            archive.directory("lodge/install-modules", 0755);
            List<String> order = new ArrayList<>(modules.keySet());
            for (String module : order) {
                archive.file("lodge/install-modules/%02d-%s".formatted(order.indexOf(module), module), 0644, modules.get(module));
            }
            archive.file("lodge/debian.sources", 0644, sources().getBytes(StandardCharsets.UTF_8));
            archive.file("lodge/command", 0755, DistributionInstaller.class.getResourceAsStream("install").readAllBytes());
        }
        return bytes.toByteArray();
    }

    /** The archives as the guest is to know them: those used here, unless they are files of this host. */
    private String sources() {
        StringBuilder text = new StringBuilder();
        for (Source source : packages.sources()) {
            URI archive = source.archive();
            if (!"file".equals(archive.getScheme())) {
                text.append("""
                        Types: deb
                        URIs: %s
                        Suites: %s
                        Components: %s
                        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

                        """.formatted(archive, source.suite(), String.join(" ", source.components())));
            }
        }
        return text.toString();
    }

    private static void compress(Path from, Path to, Progress progress) throws IOException {
        OpenOptions options = OpenOptions.of(Access.READ).as(StoredImage.FORMAT);
        Images.create(to.toString(), StoredImage.FORMAT, DISK, CreateOptions.none().with("compression_type", "zstd"), ReferencePolicy.ALLOW);
        try (DiskImage written = Images.open(from.toString(), options);
                DiskImage stored = Images.open(to.toString(), OpenOptions.of(Access.WRITE).as(StoredImage.FORMAT))) {
            new ImageCopy(written, stored, true, ImageCopy.SPARSE, true, false,
                    (done, total) -> progress.advance("compressing the disk", done, total)).run();
        }
    }
}
