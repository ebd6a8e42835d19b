package org.lodgevm.cli.images;

import org.lodgevm.image.guest.DebianPackages;
import org.lodgevm.image.guest.Distribution;
import picocli.CommandLine.Option;

/** The option that says where a distribution's packages come from. */
public final class PackageOptions {
    @Option(
            names = "--mirror",
            paramLabel = "URL",
            description = "The archive to take packages from, instead of those that apt is configured for.")
    private String mirror;

    public DebianPackages packages(Distribution distribution) {
        DebianPackages configured = DebianPackages.configured();
        return mirror == null ? configured : configured.from(mirror, distribution.codeName());
    }
}
