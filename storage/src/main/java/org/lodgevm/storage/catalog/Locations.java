package org.lodgevm.storage.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.UnsupportedImageException;
import org.lodgevm.storage.file.HostFile;
import org.lodgevm.storage.nbd.NbdStore;
import org.lodgevm.storage.nbd.NbdUri;

/** Where bytes are, as users and images write it. */
final class Locations {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]+:.*");
    private static final String FILE = "file:";

    private Locations() {}

    static boolean isFile(String location) {
        return location.startsWith(FILE) || !SCHEME.matcher(location).matches();
    }

    static Path path(String location) throws IOException {
        if (!isFile(location)) {
            throw new UnsupportedImageException(location, "it is no file");
        }
        return Path.of(location.startsWith(FILE) ? location.substring(FILE.length()) : location);
    }

    /** What {@code reference} means in an image that is at {@code base}. */
    static String resolve(String base, String reference) throws IOException {
        if (!isFile(reference) || !isFile(base)) {
            return reference;
        }
        return path(base).resolveSibling(path(reference)).toString();
    }

    /** @param direct whether a file's content goes past the host's cache */
    static ByteStore open(String location, Access access, boolean direct) throws IOException {
        return NbdUri.isOne(location) ? NbdStore.open(location, access.isWrite()) : HostFile.open(path(location), access, direct);
    }

    /** A new file, or what is there already if it cannot be made. */
    static ByteStore create(String location) throws IOException {
        return NbdUri.isOne(location) ? NbdStore.open(location, true) : HostFile.create(path(location));
    }
}
