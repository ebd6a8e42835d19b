package org.lodgevm.image.guest;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.cache.CacheLock;
import org.lodgevm.image.debian.DebianArchive;
import org.lodgevm.image.debian.PackageFile;
import org.lodgevm.image.debian.Relation;
import org.lodgevm.image.debian.Resolver;

/** Getting packages into the cache, while holding its lock. Which ones were chosen is remembered, to need no index again. */
final class Acquisition implements AutoCloseable {
    /** A metapackage's kernel is the one dependency that matters to who does not install. */
    private static final String KERNEL_PREFIX = "linux-image-";

    private final DebianPackages packages;
    private final CacheLock cache;
    private final DebianArchive archive;

    Acquisition(DebianPackages packages, Progress progress) {
        this.packages = packages;
        this.cache = packages.cache()
                .lock(() -> progress.note("Waiting for another lodge that is using " + packages.cache().folder()));
        this.archive = new DebianArchive(packages.host(), packages.mirror(), cache, progress);
    }

    /** A package in the cache. */
    record Obtained(PackageFile file, Path deb) {}

    CacheLock cache() {
        return cache;
    }

    /** The package, after those it stands for. */
    List<Obtained> obtain(String name, Architecture architecture) {
        String record = RecordName.of("package", packages.sourceName(), architecture.debianName(), name);
        Optional<List<PackageFile>> known =
                packages.isRefreshed() ? Optional.empty() : cache.cache().record(record).flatMap(Acquisition::parse);
        try {
            if (known.isPresent()) {
                return fetch(known.get());
            }
        } catch (FileNotFoundException replaced) {
            // The archive has a newer version instead.
        }
        List<PackageFile> chosen = choose(name, architecture);
        try {
            List<Obtained> obtained = fetch(chosen);
            cache.putRecord(record, chosen.stream().map(PackageFile::line).toList());
            return obtained;
        } catch (FileNotFoundException e) {
            throw new ImageException("The archive lists " + name + " but does not have it (" + e.getMessage()
                    + "). It may be changing: try again later, or name another one with --mirror URL", e);
        }
    }

    @Override
    public void close() {
        archive.close();
        cache.close();
    }

    private List<PackageFile> choose(String name, Architecture architecture) {
        Resolver resolver = new Resolver(
                archive.packages(architecture.debianName()), relation -> relation.name().startsWith(KERNEL_PREFIX));
        try {
            return resolver.add(Relation.any(name)).stream().map(PackageFile::of).toList();
        } catch (IllegalArgumentException e) {
            throw new ImageException("The archive's description of " + name + " is malformed: " + e.getMessage()
                    + ". Name another archive with --mirror URL", e);
        }
    }

    private List<Obtained> fetch(List<PackageFile> files) throws FileNotFoundException {
        List<Obtained> obtained = new ArrayList<>();
        for (PackageFile file : files) {
            obtained.add(new Obtained(file, archive.fetch(file)));
        }
        return obtained;
    }

    /** @return nothing if the record is damaged */
    private static Optional<List<PackageFile>> parse(List<String> lines) {
        List<PackageFile> files =
                lines.stream().map(PackageFile::parse).flatMap(Optional::stream).toList();
        return files.isEmpty() || files.size() < lines.size() ? Optional.empty() : Optional.of(files);
    }
}
