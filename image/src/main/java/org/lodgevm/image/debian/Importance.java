package org.lodgevm.image.debian;

import org.lodgevm.image.apt.Stanza;

/**
 * How much a system needs a package, the most first.
 *
 * @debian Debian policy 2.5 and 3.8
 */
public enum Importance {
    /** Without it other packages' scripts need not work. */
    ESSENTIAL,
    /** Without it the system may not work at all. */
    REQUIRED,
    /** Whoever knows Unix would miss it. */
    IMPORTANT,
    OTHER;

    static Importance of(Stanza stanza) {
        if (stanza.text("Essential").equals("yes")) {
            return ESSENTIAL;
        }
        return switch (stanza.text("Priority")) {
            case "required" -> REQUIRED;
            case "important" -> IMPORTANT;
            default -> OTHER;
        };
    }
}
