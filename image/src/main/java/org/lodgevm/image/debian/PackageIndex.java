package org.lodgevm.image.debian;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lodgevm.image.apt.Stanza;
import org.lodgevm.image.apt.StanzaReader;

/** The packages that some archives offer for one architecture. */
public final class PackageIndex {
    private static final Comparator<PackageRecord> PREFERENCE =
            Comparator.comparingInt(PackageRecord::priority).thenComparing(PackageRecord::version);

    private final Map<String, List<PackageRecord>> byName = new HashMap<>();

    /**
     * Adds what a {@code Packages} file lists.
     *
     * @param archive what its file names are relative to
     * @throws IllegalArgumentException if it is malformed
     */
    void read(InputStream packages, URI archive, int priority) throws IOException {
        try (StanzaReader reader = new StanzaReader(packages, PackageRecord.FIELDS::contains)) {
            for (Stanza stanza = reader.next(); stanza != null; stanza = reader.next()) {
                add(PackageRecord.of(stanza, archive, priority));
            }
        }
    }

    void add(PackageRecord record) {
        put(record.name(), record);
        record.provides().forEach(provided -> put(provided.name(), record));
    }

    /** The package to take for a name and its versions: one of that name rather than one that provides it. */
    public Optional<PackageRecord> candidate(Relation wanted) {
        List<PackageRecord> fitting = byName.getOrDefault(wanted.name(), List.of()).stream()
                .filter(record -> record.satisfies(wanted))
                .toList();
        return fitting.stream()
                .filter(record -> record.name().equals(wanted.name()))
                .max(PREFERENCE)
                .or(() -> fitting.stream().max(PREFERENCE));
    }

    /** The package to take for a name. */
    public Optional<PackageRecord> candidate(String name) {
        return candidate(Relation.any(name));
    }

    /** The names of the packages without which a system is not complete, or not even usable. */
    public List<String> names(Importance least) {
        return byName.keySet().stream()
                .filter(name -> candidate(name).filter(record -> record.name().equals(name) && record.importance().compareTo(least) <= 0).isPresent())
                .sorted()
                .toList();
    }

    private void put(String name, PackageRecord record) {
        byName.computeIfAbsent(name, key -> new ArrayList<>(1)).add(record);
    }
}
