package org.lodgevm.image.apt;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * One suite of one archive.
 *
 * @param archive where {@code dists} and {@code pool} are; ends with a slash
 * @param suite its name below {@code dists}; with a slash at its end, the folder of an archive that has no {@code dists}
 * @param components which of its parts to look at; none of a suite that ends with a slash
 * @param options what else is said about it
 * @param origin file and line, for messages
 */
public record Source(URI archive, String suite, List<String> components, Options options, String origin) {

    /**
     * @param architectures those it is to be used for; empty for all
     * @param signedBy keys that may sign it: a file, fingerprints, or the keys themselves; else all trusted ones
     * @param trusted to use it without any signature
     * @param checkValidUntil whether its expiry date counts, if not as configured for all
     */
    public record Options(
            List<String> architectures,
            Optional<String> signedBy,
            boolean trusted,
            Optional<Boolean> checkValidUntil) {
        public static final Options NONE = new Options(List.of(), Optional.empty(), false, Optional.empty());
    }

    /** The origin of what the user names as an option. */
    static final String MIRROR = "--mirror";

    /** An archive that the user names, as an option of the command. */
    public static Source mirror(String uri, String suite) {
        return Sources.source(uri, suite, List.of("main"), Options.NONE, MIRROR)
                .orElseThrow(() -> Sources.malformed(MIRROR, "\"" + uri + "\" is not http, https or file"));
    }

    /** The folder of the Release file and of what that file lists. */
    public URI suiteFolder() {
        return archive.resolve(isFlat() ? encode(suite) : "dists/" + encode(suite) + "/");
    }

    /** What the user can do about it. */
    public String remedy() {
        return origin.equals(MIRROR) ? "Correct --mirror or --suite" : "Correct " + origin + ", or name an archive with --mirror URL";
    }

    public boolean isFlat() {
        return suite.endsWith("/");
    }

    public boolean serves(String architecture) {
        return options.architectures().isEmpty() || options.architectures().contains(architecture);
    }

    @Override
    public String toString() {
        return archive + " " + suite;
    }

    private static String encode(String path) {
        return path.equals("/") ? "" : path.replace(" ", "%20");
    }
}
