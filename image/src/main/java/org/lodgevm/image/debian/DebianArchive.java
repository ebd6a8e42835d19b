package org.lodgevm.image.debian;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.Progress;
import org.lodgevm.image.apt.AptConfiguration;
import org.lodgevm.image.apt.Source;
import org.lodgevm.image.cache.CacheLock;
import org.lodgevm.image.fetch.Fetcher;

/** Debian's archive as this machine reaches it: the packages that are on offer now, and their files. */
public final class DebianArchive implements AutoCloseable {
    private final Host host;
    private final AptConfiguration apt;
    private final Supplier<List<Source>> sources;
    private final Progress progress;
    private final Fetcher fetcher;
    private final Downloads downloads;
    private final Map<String, PackageIndex> indices = new HashMap<>();
    private List<Repository> repositories;

    /**
     * Nothing is fetched yet.
     *
     * @param sources which archives to use, asked for when something has to be fetched
     * @param cache where what is fetched is kept
     */
    public DebianArchive(Host host, Supplier<List<Source>> sources, CacheLock cache, Progress progress) {
        this.host = host;
        this.apt = AptConfiguration.of(host);
        this.sources = sources;
        this.progress = progress;
        this.fetcher = new Fetcher(apt, host);
        this.downloads = new Downloads(cache, fetcher, progress);
    }

    /**
     * What is on offer for an architecture.
     *
     * @throws ImageException if no archive can be reached that is to be trusted
     */
    public PackageIndex packages(String architecture) {
        return indices.computeIfAbsent(architecture, this::readPackages);
    }

    /**
     * A package's file, from the cache or else from the archive.
     *
     * @throws FileNotFoundException if the archive does not have it any more
     */
    public Path fetch(PackageFile file) throws FileNotFoundException {
        return downloads.get(List.of(file.uri()), file.digest(), file.name() + " " + file.version());
    }

    @Override
    public void close() {
        fetcher.close();
    }

    private PackageIndex readPackages(String architecture) {
        PackageIndex index = new PackageIndex();
        eachUsable(repositories(), repository -> {
            repository.readPackages(architecture, index);
            return repository;
        });
        return index;
    }

    private List<Repository> repositories() {
        if (repositories == null) {
            List<Source> configured = sources.get();
            if (configured.isEmpty()) {
                throw new ImageException("No package archive is configured on this machine (apt's sources below "
                        + host.file("/etc/apt") + "). Name a Debian mirror with --mirror URL");
            }
            TrustedKeys keys = new TrustedKeys(host);
            repositories = eachUsable(
                    configured,
                    source -> Repository.open(
                            source, keys.of(source), apt, host.clock().instant(), downloads, progress));
        }
        return repositories;
    }

    /** An archive that fails is a reason to say so, but not to do without the others, if there are others. */
    private <T, R> List<R> eachUsable(List<T> all, Function<T, R> use) {
        List<R> usable = new ArrayList<>();
        List<ImageException> failures = new ArrayList<>();
        for (T one : all) {
            try {
                usable.add(use.apply(one));
            } catch (ImageException e) {
                failures.add(e);
            }
        }
        if (usable.isEmpty()) {
            throw failures.getFirst();
        }
        failures.forEach(failure -> progress.note("Going on without an archive. " + failure.getMessage()));
        return usable;
    }
}
