package org.lodgevm.image.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lodgevm.image.cache.Cache;
import org.lodgevm.image.cache.CacheLock;
import org.lodgevm.image.cache.StoredObject;

/**
 * What an accelerator has translated of guests' kernels, in the user's cache. What is kept for a kernel comes from a run of that kernel and of
 * nothing else but what is part of Lodge: whoever could add to it would decide what the host's processor executes in other runs.
 */
public final class GuestTranslations {
    private final Cache cache;
    private final String record;

    /**
     * @param id of the machines that can use them: {@link org.lodgevm.machine.Accelerator#translationsId}
     */
    public GuestTranslations(DebianPackages packages, GuestImage guest, String id) {
        cache = packages.cache();
        record = RecordName.of("translations", guest.kernel().getFileName().toString(), id);
    }

    /** The file, if there is one already. */
    public Optional<Path> find() {
        return cache.record(record).filter(lines -> !lines.isEmpty()).flatMap(lines -> StoredObject.parse(lines.getFirst())).flatMap(cache::object);
    }

    /** Makes something of nothing: a file, at a place that is not there yet. */
    public interface Maker {
        /** @return whether it is of use */
        boolean make(Path file) throws IOException, InterruptedException;
    }

    /**
     * Keeps what the maker makes.
     *
     * @return the file, or nothing if it came to nothing
     */
    public Optional<Path> make(Maker maker) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("lodge-translations"); // in the cache, others might sweep it away meanwhile
        Path file = folder.resolve("translations");
        try {
            if (maker.make(file)) {
                keep(file);
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
        return find();
    }

    private void keep(Path file) throws IOException {
        try (CacheLock lock = cache.lock(() -> {})) {
            StoredObject stored = lock.store(out -> Files.copy(file, out));
            lock.putRecord(record, List.of(stored.line()));
        }
    }
}
