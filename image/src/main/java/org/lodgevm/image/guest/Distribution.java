package org.lodgevm.image.guest;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.apt.Source;

/**
 * A release of a distribution: {@code debian:12}.
 *
 * @param name of the distribution
 * @param version as people count
 * @param codeName as its archive calls it
 */
public record Distribution(String name, String version, String codeName) {
    private static final String DEBIAN = "debian";

    /** Those known, the one first that is meant when no version is named. */
    private static final List<Distribution> KNOWN = List.of(
            new Distribution(DEBIAN, "12", "bookworm"),
            new Distribution(DEBIAN, "13", "trixie"),
            new Distribution(DEBIAN, "11", "bullseye"));

    /** What may follow the code name in the name of a suite that belongs to a release. */
    private static final List<String> PARTS = List.of("", "-updates", "-security");

    /**
     * Reads {@code debian:12}, {@code debian:bookworm} or {@code debian}.
     *
     * @return nothing if there is none of this name
     */
    public static Optional<Distribution> named(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
        return KNOWN.stream()
                .filter(known -> known.name.equals(parts[0]))
                .filter(known -> parts.length == 1 || known.version.equals(parts[1]) || known.codeName.equals(parts[1]))
                .findFirst();
    }

    /** @throws ImageException if there is none of this name */
    public static Distribution parse(String text) {
        return named(text).orElseThrow(() -> new ImageException("There is no distribution '" + text + "', only "
                + KNOWN.stream().map(Distribution::toString).collect(Collectors.joining(", "))));
    }

    /**
     * Of some archives' suites, those of this release. Where apt is configured for another release, its archives are taken to
     * have this one too.
     */
    List<Source> among(List<Source> configured) {
        List<Source> own = configured.stream().filter(this::isSuite).toList();
        if (!own.isEmpty()) {
            return own;
        }
        List<Source> likely = KNOWN.stream()
                .map(other -> configured.stream().filter(other::isSuite).map(source -> moved(source, other)).toList())
                .filter(sources -> !sources.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (likely.isEmpty()) {
            throw new ImageException("apt is configured for no archive of " + this + " on this machine. Name one with --mirror URL");
        }
        return likely;
    }

    private boolean isSuite(Source source) {
        return PARTS.stream().map(codeName::concat).anyMatch(source.suite()::equals);
    }

    private Source moved(Source source, Distribution from) {
        return new Source(
                source.archive(),
                codeName + source.suite().substring(from.codeName.length()),
                source.components(),
                source.options(),
                source.origin());
    }

    @Override
    public String toString() {
        return name + ":" + version;
    }
}
