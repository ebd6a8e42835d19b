package org.lodgevm.image.debian;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.lodgevm.image.ImageException;

/**
 * Chooses packages that together have what they need. Alternatives are tried in the order a package names them, and the
 * first that can be had is taken unless one was taken already; a choice is not revised later.
 */
public final class Resolver {
    private final PackageIndex index;
    private final Predicate<Relation> followed;
    private final Map<String, PackageRecord> chosen = new LinkedHashMap<>();
    private final List<PackageRecord> path = new ArrayList<>();

    /** @param followed which dependencies count: all to install, fewer to only take files out */
    public Resolver(PackageIndex index, Predicate<Relation> followed) {
        this.index = index;
        this.followed = followed;
    }

    /**
     * Adds a package and what it needs.
     *
     * @return all packages chosen so far, each after what it depends on, except in circles
     * @throws ImageException if something needed cannot be had; then this resolver is of no further use
     */
    public List<PackageRecord> add(Relation wanted) {
        visit(index.candidate(wanted)
                .orElseThrow(() -> new ImageException("No package archive has " + wanted
                        + ". Correct its name, or name another archive with --mirror URL")));
        return List.copyOf(chosen.values());
    }

    private void visit(PackageRecord record) {
        if (taken().anyMatch(record::equals)) {
            return;
        }
        taken().filter(other -> conflict(record, other) || conflict(other, record)).findFirst().ifPresent(other -> {
            throw new ImageException("The packages " + record + " and " + other
                    + " cannot be together. Ask for only one of them");
        });
        path.add(record);
        for (List<Relation> alternatives : record.depends()) {
            List<Relation> relevant = alternatives.stream().filter(followed).toList();
            if (!relevant.isEmpty()) {
                visit(choose(record, relevant));
            }
        }
        path.removeLast();
        chosen.put(record.name(), record);
    }

    private PackageRecord choose(PackageRecord dependent, List<Relation> alternatives) {
        return alternatives.stream()
                .flatMap(alternative -> taken().filter(record -> record.satisfies(alternative)))
                .findFirst()
                .or(() -> alternatives.stream().map(index::candidate).flatMap(Optional::stream).findFirst())
                .orElseThrow(() -> new ImageException("The package " + dependent + " depends on " + alternatives
                        + ", which no package archive has. The archive may be changing: try again later, or name"
                        + " another one with --mirror URL"));
    }

    private Stream<PackageRecord> taken() {
        return Stream.concat(chosen.values().stream(), path.stream());
    }

    private static boolean conflict(PackageRecord record, PackageRecord other) {
        return !record.name().equals(other.name()) && record.conflicts().stream().anyMatch(other::satisfies);
    }
}
