package org.lodgevm.cli.run;

import java.util.List;
import java.util.function.Function;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.image.guest.Distribution;
import org.lodgevm.image.guest.DistributionInstaller;
import org.lodgevm.image.guest.GuestImage;
import org.lodgevm.image.guest.GuestTranslations;
import org.lodgevm.image.store.ImageStore;
import org.lodgevm.image.store.StoredImage;
import picocli.CommandLine.Option;

/** The options that say what Lodge's own guest is made of. */
final class ImageOptions {
    @Option(
            names = "--mirror",
            paramLabel = "URL",
            description = "The Debian archive to take packages from, instead of those that apt is configured for.")
    private String mirror;

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            defaultValue = DebianPackages.DEFAULT_SUITE,
            description = "The mirror's release (${DEFAULT-VALUE}).")
    private String suite;

    @Option(names = "--refresh", description = "Look for newer packages, instead of using what is in the cache.")
    private boolean refresh;

    @Option(
            names = "--arch",
            paramLabel = "amd64|i386",
            defaultValue = "amd64",
            description = "The guest's architecture (${DEFAULT-VALUE}).")
    private Architecture architecture;

    @Option(
            names = "--kernel-package",
            paramLabel = "NAME",
            description = "Take the kernel out of this package, for instance linux-image-amd64.")
    private String kernelPackage;

    /**
     * Makes a disk of an image for one run, after pulling the image if it is a distribution that was not pulled yet.
     *
     * @param seeded whether cloud-init is to do something
     */
    Booted open(String name, boolean verbose, boolean seeded, Progress progress) {
        StoredImage image = find(name, progress);
        if (seeded) {
            image.requireCloudInit();
        }
        return Booted.image(image, ImageStore.ofUser().runDisk(image), verbose, seeded);
    }

    /** An image, pulled if it is a distribution that was not pulled yet. */
    StoredImage find(String name, Progress progress) {
        DebianPackages packages = DebianPackages.configured();
        return find(name, wanted -> mirror == null ? packages : packages.from(mirror, wanted.codeName()), progress);
    }

    /** @param packages where those of a distribution come from, should it have to be pulled */
    static StoredImage find(String name, Function<Distribution, DebianPackages> packages, Progress progress) {
        ImageStore store = ImageStore.ofUser();
        return store.find(name).or(() -> Distribution.named(name).flatMap(known -> store.find(known.toString())))
                .orElseGet(() -> pull(name, store, packages, progress));
    }

    private static StoredImage pull(String name, ImageStore store, Function<Distribution, DebianPackages> packages, Progress progress) {
        Distribution distribution = Distribution.named(name).orElseThrow(() -> new ImageException(
                "There is no image '%s'; lodge images lists them, and a command follows after --, as in: lodge run -- %s".formatted(name, name)));
        return DistributionInstaller.of(packages.apply(distribution), distribution).obtain(distribution.toString(), store, progress);
    }

    private DebianPackages packages() {
        DebianPackages packages = DebianPackages.configured();
        return mirror == null ? packages : packages.from(mirror, suite);
    }

    /**
     * What was, or can be, translated of a guest's kernel.
     *
     * @param id of the machines that can use it
     */
    GuestTranslations translations(GuestImage guest, String id) {
        return new GuestTranslations(packages(), guest, id);
    }

    /**
     * Downloads and assembles what is not in the cache.
     *
     * @param drivers kernel modules that the guest loads when it starts
     */
    GuestImage prepare(List<String> drivers, Progress progress) {
        DebianPackages packages = packages();
        if (refresh) {
            packages = packages.refreshed();
        }
        DebianGuest guest = DebianGuest.of(packages, architecture).withModules(drivers);
        return (kernelPackage == null ? guest : guest.withKernel(kernelPackage)).prepare(progress);
    }
}
