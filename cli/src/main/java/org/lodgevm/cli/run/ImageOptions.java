package org.lodgevm.cli.run;

import java.util.List;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Progress;
import org.lodgevm.image.guest.DebianGuest;
import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.image.guest.GuestImage;
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
     * Downloads and assembles what is not in the cache.
     *
     * @param drivers kernel modules that the guest loads when it starts
     */
    GuestImage prepare(List<String> drivers, Progress progress) {
        DebianPackages packages = DebianPackages.configured();
        if (mirror != null) {
            packages = packages.from(mirror, suite);
        }
        if (refresh) {
            packages = packages.refreshed();
        }
        DebianGuest guest = DebianGuest.of(packages, architecture).withModules(drivers);
        return (kernelPackage == null ? guest : guest.withKernel(kernelPackage)).prepare(progress);
    }
}
