package org.lodgevm.cli.images;

import java.util.regex.Pattern;

/** How an image may be called: such that it is a file name on every host, and no option. */
public final class ImageName {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,62}(:[a-z0-9][a-z0-9_.-]{0,62})?");

    private ImageName() {}

    /** @throws IllegalArgumentException if an image cannot be called that */
    public static String check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' cannot be an image's name: use lower-case letters, digits, '.', '_' and '-', and one ':' if you like".formatted(name));
        }
        return name;
    }
}
