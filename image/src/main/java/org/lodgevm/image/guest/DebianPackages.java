package org.lodgevm.image.guest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lodgevm.image.Architecture;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.apt.Source;
import org.lodgevm.image.apt.SystemSources;
import org.lodgevm.image.cache.Cache;
import org.lodgevm.image.cache.StoredObject;

/**
 * Where Debian packages come from, and what is taken out of them. Immutable: each method that changes something gives
 * a changed copy.
 */
public final class DebianPackages {
    /** The suite of an archive of which only the address is known. */
    public static final String DEFAULT_SUITE = "bookworm";

    private final Host host;
    private final Path cacheFolder;
    private final Optional<Source> mirror;
    private final Optional<Distribution> release;
    private final boolean refreshed;

    private DebianPackages(
            Host host, Path cacheFolder, Optional<Source> mirror, Optional<Distribution> release, boolean refreshed) {
        this.host = host;
        this.cacheFolder = cacheFolder;
        this.mirror = mirror;
        this.release = release;
        this.refreshed = refreshed;
    }

    /** Packages as this machine's apt would get them, kept in the user's cache folder. */
    public static DebianPackages configured() {
        return on(Host.current());
    }

    /** Packages as another machine would get them. */
    public static DebianPackages on(Host host) {
        return new DebianPackages(host, host.cacheFolder(), Optional.empty(), Optional.empty(), false);
    }

    /**
     * Packages of an archive that need not be configured on this machine.
     *
     * @param uri http, https or file
     * @throws org.lodgevm.image.ImageException if it is none of these
     */
    public DebianPackages from(String uri, String suite) {
        return new DebianPackages(host, cacheFolder, Optional.of(Source.mirror(uri, suite)), release, refreshed);
    }

    public DebianPackages cachedIn(Path folder) {
        return new DebianPackages(host, folder, mirror, release, refreshed);
    }

    /** Packages of this release only, whichever of the same archives apt is configured for. */
    public DebianPackages of(Distribution distribution) {
        return new DebianPackages(host, cacheFolder, mirror, Optional.of(distribution), refreshed);
    }

    /** Asks the archive for newer versions of what is in the cache. */
    public DebianPackages refreshed() {
        return new DebianPackages(host, cacheFolder, mirror, release, true);
    }

    /**
     * Takes files out of a package; of a metapackage for kernels, out of the kernel that it stands for.
     *
     * @param glob absolute paths: {@code *} stands for anything within a name, {@code **} for anything
     * @param destination the folder below which they are put, each at its path
     * @return the files; links and devices are left out
     * @throws org.lodgevm.image.ImageException if it cannot be had
     */
    public List<Path> extract(
            String name, Architecture architecture, String glob, Path destination, Progress progress) {
        try (Acquisition acquisition = new Acquisition(this, progress)) {
            PackageFiles files = new PackageFiles(acquisition.obtain(name, architecture));
            return files.extract(glob, destination);
        }
    }

    /**
     * Packages, with all they depend on, as a file tree to be joined to a guest's initial one. It is made once and kept.
     *
     * @return a cpio archive, see {@link PackageTree}
     * @throws org.lodgevm.image.ImageException if they cannot be had
     */
    public Path tree(List<String> names, Architecture architecture, Progress progress) {
        String record = RecordName.of(
                "tree", sourceName(), architecture.debianName(), String.join(" ", names), PackageTree.layout());
        Optional<Path> ready = isRefreshed() ? Optional.empty() : tree(record);
        return ready.orElseGet(() -> {
            try (Acquisition acquisition = new Acquisition(this, progress)) {
                PackageTree tree = new PackageTree(acquisition.obtainWithDependencies(names, architecture));
                progress.advance("unpacking " + String.join(", ", names), 0, Progress.UNKNOWN);
                acquisition.cache().putRecord(record, List.of(tree.store(acquisition.cache()).line()));
            }
            return tree(record).orElseThrow(() -> new ImageException("What was just written to " + cacheFolder
                    + " is not there any more. Name another folder in XDG_CACHE_HOME"));
        });
    }

    private Optional<Path> tree(String record) {
        return cache().record(record).filter(lines -> !lines.isEmpty()).flatMap(lines -> StoredObject.parse(lines.getFirst())).flatMap(cache()::object);
    }

    Host host() {
        return host;
    }

    /** The archives to use. */
    List<Source> sources() {
        if (mirror.isPresent()) {
            return List.of(mirror.get());
        }
        List<Source> configured = SystemSources.of(host);
        return release.map(wanted -> wanted.among(configured)).orElse(configured);
    }

    boolean isRefreshed() {
        return refreshed;
    }

    Cache cache() {
        return new Cache(cacheFolder);
    }

    /** What tells records of different archives apart. apt's archives count as one, or a copy of it. */
    String sourceName() {
        return mirror.map(Source::toString).orElse("apt");
    }
}
