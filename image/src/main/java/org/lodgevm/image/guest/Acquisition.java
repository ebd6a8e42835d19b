package org.lodgevm.image.guest;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.cache.CacheLock;
import org.lodgevm.image.debian.DebianArchive;
import org.lodgevm.image.debian.PackageFile;
import org.lodgevm.image.debian.PackageIndex;
import org.lodgevm.image.debian.PackageRecord;
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
        this.archive = new DebianArchive(packages.host(), packages::sources, cache, progress);
    }

    /** A package in the cache. */
    record Obtained(PackageFile file, Path deb) {}

    CacheLock cache() {
        return cache;
    }

    /** What is on offer now. */
    PackageIndex index(Architecture architecture) {
        return archive.packages(architecture.debianName());
    }

    /** @throws ImageException if the archive has changed since its index was read */
    List<Obtained> obtain(List<PackageRecord> chosen) {
        try {
            return fetch(chosen.stream().map(PackageFile::of).toList());
        } catch (FileNotFoundException e) {
            throw gone("a package", e);
        }
    }

    /** The package, after those it stands for. */
    List<Obtained> obtain(String name, Architecture architecture) {
        return obtain("package", List.of(name), architecture, relation -> relation.name().startsWith(KERNEL_PREFIX));
    }

    /** The packages, each after all it depends on. */
    List<Obtained> obtainWithDependencies(List<String> names, Architecture architecture) {
        return obtain("packages", names, architecture, _ -> true);
    }

    private List<Obtained> obtain(
            String kind, List<String> names, Architecture architecture, Predicate<Relation> followed) {
        String all = String.join(" ", names);
        String record = RecordName.of(kind, packages.sourceName(), architecture.debianName(), all);
        Optional<List<PackageFile>> known =
                packages.isRefreshed() ? Optional.empty() : cache.cache().record(record).flatMap(Acquisition::parse);
        try {
            if (known.isPresent()) {
                return fetch(known.get());
            }
        } catch (FileNotFoundException replaced) {
            // The archive has a newer version instead.
        }
        List<PackageFile> chosen = choose(names, new Resolver(archive.packages(architecture.debianName()), followed));
        try {
            List<Obtained> obtained = fetch(chosen);
            cache.putRecord(record, chosen.stream().map(PackageFile::line).toList());
            return obtained;
        } catch (FileNotFoundException e) {
            throw gone(all, e);
        }
    }

    private static ImageException gone(String what, FileNotFoundException e) {
        return new ImageException("The archive lists " + what + " but does not have it (" + e.getMessage()
                + "). It may be changing: try again later, or name another one with --mirror URL", e);
    }

    @Override
    public void close() {
        archive.close();
        cache.close();
    }

    private static List<PackageFile> choose(List<String> names, Resolver resolver) {
        List<PackageRecord> chosen = List.of();
        for (String name : names) {
            try {
                chosen = resolver.add(Relation.any(name));
            } catch (IllegalArgumentException e) {
                throw new ImageException("The archive's description of " + name + " is malformed: " + e.getMessage()
                        + ". Name another archive with --mirror URL", e);
            }
        }
        return chosen.stream().map(PackageFile::of).toList();
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
