package org.lodgevm.image.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Deletes what nobody will ask for again: leftovers of killed processes, and objects that no record mentions any more. */
final class CacheSweep {
    static final String TEMPORARY = ".tmp";

    /** How long an object without a record is kept: packages and indices, from which images can be made again. */
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private CacheSweep() {}

    /** To be called under the lock. */
    static void sweep(Cache cache) throws IOException {
        Instant oldest = Instant.now().minus(KEPT);
        for (Path file : list(cache.partials())) {
            if (file.toString().endsWith(TEMPORARY) || isOlder(file, oldest)) {
                Files.deleteIfExists(file);
            }
        }
        List<Path> old = list(cache.objects()).stream().filter(file -> isOlder(file, oldest)).toList();
        if (!old.isEmpty()) {
            Set<String> mentioned = mentioned(cache.records());
            for (Path file : old) {
                if (!mentioned.contains(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static Set<String> mentioned(Path records) throws IOException {
        Set<String> hashes = new HashSet<>();
        for (Path record : list(records)) {
            HASH.matcher(Files.readString(record)).results().map(MatchResult::group).forEach(hashes::add);
        }
        return hashes;
    }

    private static boolean isOlder(Path file, Instant oldest) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(oldest);
        } catch (IOException gone) {
            return false;
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
