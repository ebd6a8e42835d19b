package org.lodgevm.image.apt;

import java.util.Map;
import java.util.Optional;

/**
 * One paragraph of a Debian control file. Names of fields are found in any case.
 *
 * @param line where it starts in its file, from 1
 */
public record Stanza(Map<String, String> fields, int line) {

    /** The field's value; lines after the first keep their line breaks and lose the space that marks them. */
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** The field's value or nothing at all. */
    public String text(String name) {
        return fields.getOrDefault(name, "");
    }

    /** The words of the field's value. */
    public String[] words(String name) {
        String value = text(name).strip();
        return value.isEmpty() ? new String[0] : value.split("\\s+");
    }
}
