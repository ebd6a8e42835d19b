package org.lodgevm.image.session;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of the host's, and where it appears in the guest.
 *
 * @param guest an absolute path, normalized, not the root
 */
public record Volume(Path host, String guest, boolean readOnly) {
    /** The host's part may contain colons, as on Windows. */
    private static final Pattern TEXT = Pattern.compile("(?<host>.+?):(?<guest>[^:\\\\]*)(:(?<mode>ro|rw))?");

    public Volume {
        guest = normalized(guest);
    }

    private static String normalized(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the guest's path '%s' is not absolute; begin it with a slash".formatted(path));
        }
        StringBuilder normal = new StringBuilder();
        for (String name : path.split("/")) {
            if (name.equals("..") || name.indexOf('\0') >= 0 || name.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("the guest's path '%s' is not a plain one".formatted(path));
            }
            if (!name.isEmpty() && !name.equals(".")) {
                normal.append('/').append(name);
            }
        }
        if (normal.isEmpty()) {
            throw new IllegalArgumentException("a shared folder cannot be the guest's root; name a folder in it");
        }
        return normal.toString();
    }

    /** Reads {@code HOST:GUEST[:ro]}. @throws IllegalArgumentException if it is none */
    public static Volume parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'%s' is not of the form HOST:GUEST[:ro]".formatted(text));
        }
        return new Volume(Path.of(parts.group("host")), parts.group("guest"), "ro".equals(parts.group("mode")));
    }
}
