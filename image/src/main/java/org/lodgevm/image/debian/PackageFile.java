package org.lodgevm.image.debian;

import java.net.URI;
import java.util.Optional;
import org.lodgevm.image.cache.Digest;

/**
 * A package as a file: what it takes to get the same one again without an index. Its text form is one line.
 *
 * @param name of the package
 * @param version of the package
 * @param digest of the file
 * @param uri where the file was offered
 */
public record PackageFile(String name, Version version, Digest digest, URI uri) {

    public static PackageFile of(PackageRecord record) {
        return new PackageFile(record.name(), record.version(), record.digest(), record.uri());
    }

    /** @return nothing if the line is not one of these */
    public static Optional<PackageFile> parse(String line) {
        String[] words = line.split(" ");
        try {
            return Optional.of(new PackageFile(
                    words[0], new Version(words[1]), new Digest(words[2], Long.parseLong(words[3])), URI.create(words[4])));
        } catch (IllegalArgumentException | IndexOutOfBoundsException damaged) {
            return Optional.empty();
        }
    }

    /** The line that {@link #parse} understands. */
    public String line() {
        return String.join(" ", name, version.text(), digest.sha256(), Long.toString(digest.size()), uri.toString());
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
