package org.lodgevm.image.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.cache.Cache;
import org.lodgevm.image.cache.CacheLock;
import org.lodgevm.image.cache.StoredObject;
import org.lodgevm.image.debian.PackageFile;
import org.lodgevm.image.guest.Acquisition.Obtained;
import org.lodgevm.image.initramfs.Initramfs;
import org.lodgevm.image.kernel.Vmlinux;

/**
 * A guest made of Debian's unmodified kernel and its busybox. Immutable: each method that changes something gives
 * a changed copy.
 */
public final class DebianGuest {
    static final String BUSYBOX = "busybox-static";
    private static final String BUSYBOX_FILE = "**/bin/busybox";
    static final String KERNEL_FILE = "/boot/vmlinuz-*";

    /** Of the record and what it tells of; another one is made anew. */
    private static final String LAYOUT = "unpacked";

    private final DebianPackages packages;
    private final Architecture architecture;
    private final String kernel;
    private final List<String> modules;

    private DebianGuest(DebianPackages packages, Architecture architecture, String kernel, List<String> modules) {
        this.packages = packages;
        this.architecture = architecture;
        this.kernel = kernel;
        this.modules = List.copyOf(modules);
    }

    /** With Debian's kernel for clouds, or on i386, where there is none, the one for most machines. */
    public static DebianGuest of(DebianPackages packages, Architecture architecture) {
        String kernel =
                switch (architecture) {
                    case AMD64 -> "linux-image-cloud-amd64";
                    case I386 -> "linux-image-686-pae";
                };
        return new DebianGuest(packages, architecture, kernel, List.of());
    }

    /** @param name of a kernel's package, or of a metapackage that depends on one */
    public DebianGuest withKernel(String name) {
        return new DebianGuest(packages, architecture, name, modules);
    }

    /** @param names of kernel modules to load when the guest starts, with what they depend on */
    public DebianGuest withModules(List<String> names) {
        return new DebianGuest(packages, architecture, kernel, names);
    }

    /**
     * Gets what is missing. With everything in the cache this takes no network and a fraction of a second.
     *
     * @throws org.lodgevm.image.ImageException if something cannot be had
     */
    public GuestImage prepare(Progress progress) {
        if (!packages.isRefreshed()) {
            Optional<GuestImage> ready = cached();
            if (ready.isPresent()) {
                return ready.get();
            }
        }
        try (Acquisition acquisition = new Acquisition(packages, progress)) {
            Optional<GuestImage> madeMeanwhile = packages.isRefreshed() ? Optional.empty() : cached();
            return madeMeanwhile.orElseGet(() -> make(acquisition, progress));
        }
    }

    /** What was made before, if it is all there and unchanged. */
    private Optional<GuestImage> cached() {
        Cache cache = packages.cache();
        return cache.record(recordName()).flatMap(GuestRecord::parse).flatMap(record -> cache.object(record.kernel())
                .flatMap(kernelFile -> cache.object(record.initramfs())
                        .map(initramfs ->
                                new GuestImage(kernelFile, initramfs, architecture, record.kernelVersion()))));
    }

    private GuestImage make(Acquisition acquisition, Progress progress) {
        List<Obtained> kernels = acquisition.obtain(kernel, architecture);
        List<Obtained> tools = acquisition.obtain(BUSYBOX, architecture);
        PackageFile kernelPackage = kernels.getFirst().file(); // a metapackage comes after what it stands for
        progress.advance("unpacking " + kernelPackage, 0, Progress.UNKNOWN);
        PackageFiles kernelFiles = new PackageFiles(kernels);
        GuestRecord record = new GuestRecord(
                storeKernel(kernelFiles, acquisition.cache()),
                storeInitramfs(kernelFiles, tools, acquisition.cache()),
                kernelPackage.toString());
        acquisition.cache().putRecord(recordName(), record.lines());
        return cached().orElseThrow(() -> new ImageException("What was just written to " + packages.cache().folder()
                + " is not there any more. Name another folder in XDG_CACHE_HOME"));
    }

    /** Unpacked, if we can: then it need not do so at each start. */
    private static StoredObject storeKernel(PackageFiles files, CacheLock cache) {
        AtomicReference<StoredObject> stored = new AtomicReference<>();
        files.visit(PackageFiles.glob(KERNEL_FILE), (entry, content) -> {
            byte[] bzImage = content.readAllBytes();
            byte[] kernel = Vmlinux.of(bzImage).orElse(bzImage);
            stored.set(cache.store(out -> out.write(kernel)));
            return false;
        });
        if (stored.get() == null) {
            throw files.lacks(KERNEL_FILE);
        }
        return stored.get();
    }

    /** The statically linked binary in busybox's package. */
    static byte[] busybox(List<Obtained> packages) {
        PackageFiles tools = new PackageFiles(packages);
        AtomicReference<byte[]> busybox = new AtomicReference<>();
        tools.visit(PackageFiles.glob(BUSYBOX_FILE), (entry, content) -> {
            busybox.set(content.readAllBytes());
            return false;
        });
        if (busybox.get() == null) {
            throw tools.lacks(BUSYBOX_FILE);
        }
        return busybox.get();
    }

    private StoredObject storeInitramfs(PackageFiles kernelFiles, List<Obtained> tools, CacheLock cache) {
        Initramfs initramfs = new Initramfs(busybox(tools));
        new KernelModules(kernelFiles).withDependencies(modules).forEach(initramfs::module);
        return store(initramfs, cache);
    }

    private static StoredObject store(Initramfs initramfs, CacheLock cache) {
        try {
            return cache.store(initramfs::write);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // all of it is in memory
        }
    }

    private String recordName() {
        return RecordName.of(
                "guest",
                LAYOUT,
                packages.sourceName(),
                architecture.debianName(),
                kernel,
                String.join(" ", modules),
                Initramfs.layout());
    }
}
