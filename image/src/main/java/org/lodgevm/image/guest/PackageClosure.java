package org.lodgevm.image.guest;

import java.util.ArrayList;
import java.util.List;
import org.lodgevm.image.debian.Importance;
import org.lodgevm.image.debian.PackageIndex;
import org.lodgevm.image.debian.PackageRecord;
import org.lodgevm.image.debian.Relation;
import org.lodgevm.image.debian.Resolver;

/**
 * The packages that make a system which boots, has a network, can be administered, does what it is told at its first start, and runs a
 * Makefile.
 *
 * @param base what has to be there before anything can be installed
 * @param others what is installed then
 */
record PackageClosure(List<PackageRecord> base, List<PackageRecord> others) {
    static final String KERNEL = "linux-image-cloud-amd64";

    private static final List<String> SYSTEM = List.of(
            "init", "systemd-sysv", "udev", "dbus", "iproute2", "iputils-ping", "netbase", "ca-certificates", "apt", "e2fsprogs",
            "libpam-systemd", "cloud-init", "sudo", "make", KERNEL);
    /** In a package of its own since Debian 12, before in systemd's. */
    private static final String RESOLVER = "systemd-resolved";

    /** @param more packages that the user wants */
    static PackageClosure of(PackageIndex index, List<String> more) {
        Resolver resolver = new Resolver(index, _ -> true);
        List<PackageRecord> base = List.of();
        for (String name : index.names(Importance.REQUIRED)) {
            base = resolver.add(Relation.any(name));
        }
        List<String> wanted = new ArrayList<>(index.names(Importance.IMPORTANT));
        wanted.addAll(SYSTEM);
        if (index.candidate(RESOLVER).isPresent()) {
            wanted.add(RESOLVER);
        }
        wanted.addAll(more);
        List<PackageRecord> all = base;
        for (String name : wanted) {
            all = resolver.add(Relation.any(name));
        }
        return new PackageClosure(base, all.subList(base.size(), all.size()));
    }

    List<PackageRecord> all() {
        List<PackageRecord> all = new ArrayList<>(base);
        all.addAll(others);
        return all;
    }
}
