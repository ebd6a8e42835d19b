package org.lodgevm.image.apt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lodgevm.image.ImageException;

/** What the two formats of sources have in common. */
final class Sources {
    /** What can be fetched from; apt's other methods (cdrom, tor, mirror lists) are left to apt. */
    private static final Set<String> SCHEMES = Set.of("http", "https", "file", "copy");

    private Sources() {}

    /** @return nothing if the archive is one that only apt can reach */
    static Optional<Source> source(
            String uri, String suite, List<String> components, Source.Options options, String origin) {
        if (components.isEmpty() != suite.endsWith("/")) {
            throw malformed(origin, "a suite has components, unless it ends with a slash");
        }
        return archive(uri, origin).map(archive -> new Source(archive, suite, List.copyOf(components), options, origin));
    }

    static Optional<URI> archive(String uri, String origin) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        if (scheme.isEmpty()) {
            throw malformed(origin, "\"" + uri + "\" is no URI");
        }
        if (!SCHEMES.contains(scheme)) {
            return Optional.empty();
        }
        String rest = uri.substring(colon) + (uri.endsWith("/") ? "" : "/");
        try {
            return Optional.of(new URI((scheme.equals("copy") ? "file" : scheme) + rest));
        } catch (URISyntaxException e) {
            throw malformed(origin, e.getMessage());
        }
    }

    static Optional<Boolean> isOn(String word) {
        return Optional.ofNullable(word).flatMap(AptConfiguration::truth);
    }

    static ImageException malformed(String origin, String what) {
        return new ImageException("The package source at " + origin + " cannot be used: " + what
                + ". Correct it, or name an archive with --mirror URL");
    }
}
