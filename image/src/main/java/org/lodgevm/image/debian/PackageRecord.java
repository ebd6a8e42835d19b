package org.lodgevm.image.debian;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.lodgevm.image.apt.Stanza;
import org.lodgevm.image.cache.Digest;

/**
 * A package as an archive's index describes it. The relationship fields stay as they are until they are asked for: an
 * index has tens of thousands of packages, of which few matter.
 *
 * @param requirements the fields {@code Pre-Depends} and {@code Depends}
 * @param exclusions the fields {@code Conflicts} and {@code Breaks}
 * @param provides the virtual packages it stands for
 * @param archive where it is offered
 * @param path where it is within the archive
 * @param digest what it is
 * @param priority of its archive: among several versions the newest of the highest priority counts
 * @param importance for a system that is to be complete
 */
public record PackageRecord(
        String name,
        Version version,
        String architecture,
        String requirements,
        String exclusions,
        List<Relation> provides,
        URI archive,
        String path,
        Digest digest,
        int priority,
        Importance importance) {
    /** The fields of an index that make a record. */
    static final Set<String> FIELDS = Set.of(
            "Package", "Version", "Architecture", "Pre-Depends", "Depends", "Provides", "Conflicts", "Breaks",
            "Filename", "Size", "SHA256", "Essential", "Priority");

    /** @throws IllegalArgumentException if a field is missing or malformed */
    static PackageRecord of(Stanza stanza, URI archive, int priority) {
        return new PackageRecord(
                mandatory(stanza, "Package"),
                new Version(mandatory(stanza, "Version")),
                mandatory(stanza, "Architecture"),
                stanza.text("Pre-Depends") + "," + stanza.text("Depends"),
                stanza.text("Conflicts") + "," + stanza.text("Breaks"),
                single(stanza.text("Provides")),
                archive,
                mandatory(stanza, "Filename"),
                new Digest(mandatory(stanza, "SHA256"), Long.parseLong(mandatory(stanza, "Size"))),
                priority,
                Importance.of(stanza));
    }

    /** What it cannot do without: for each requirement its alternatives. */
    public List<List<Relation>> depends() {
        return Relation.parse(requirements);
    }

    /** What it cannot be together with. */
    public List<Relation> conflicts() {
        return single(exclusions);
    }

    public URI uri() {
        return archive.resolve(path.replace("%", "%25").replace(" ", "%20"));
    }

    /** Whether this package is what is meant, by its own name or by one that it provides. */
    public boolean satisfies(Relation relation) {
        if (name.equals(relation.name())) {
            return relation.accepts(version);
        }
        return provides.stream()
                .filter(provided -> provided.name().equals(relation.name()))
                .anyMatch(provided -> relation.version().isEmpty()
                        || provided.version().map(relation::accepts).orElse(false));
    }

    @Override
    public String toString() {
        return name + " " + version;
    }

    private static String mandatory(Stanza stanza, String field) {
        return stanza.field(field)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the package at line " + stanza.line() + " has no field " + field));
    }

    private static List<Relation> single(String field) {
        return Relation.parse(field).stream().map(List::getFirst).toList();
    }
}
