package org.lodgevm.storage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options that a new image is made with, by the names and values that {@code qemu-img -o} knows. */
public final class CreateOptions {
    private static final Pattern SIZE = Pattern.compile("(\\d+)(?:\\.(\\d{1,3}))?([BKMGTPE]?)");
    private static final String UNITS = "BKMGTPE";

    private final Map<String, String> values = new LinkedHashMap<>();

    public static CreateOptions none() {
        return new CreateOptions();
    }

    /** Reads {@code name=value,name=value}; a comma that belongs to a value is written twice, a name alone means {@code on}. */
    public static CreateOptions parse(String text) {
        CreateOptions options = new CreateOptions();
        for (String part : text.split("(?<!,),(?!,)")) {
            String[] pair = part.replace(",,", ",").split("=", 2);
            if (pair[0].isBlank()) {
                throw new IllegalArgumentException("'" + text + "' is no list of options: write name=value,name=value");
            }
            options.values.put(pair[0], pair.length == 1 ? "on" : pair[1]);
        }
        return options;
    }

    /** Sets one, unless {@code value} is null. */
    public CreateOptions with(String name, String value) {
        if (value != null) {
            values.put(name, value);
        }
        return this;
    }

    public CreateOptions with(CreateOptions others) {
        values.putAll(others.values);
        return this;
    }

    public CreateOptions without(String name) {
        values.remove(name);
        return this;
    }

    /** Fails if any was given that is not among these. */
    public void allow(String format, String... names) {
        List<String> unknown = new ArrayList<>(values.keySet());
        unknown.removeAll(List.of(names));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the format %s has no option '%s'%s".formatted(
                    format, unknown.getFirst(), names.length == 0 ? "" : ", only " + String.join(", ", names)));
        }
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public boolean flag(String name, boolean otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : switch (value) {
            case "on", "yes", "true" -> true;
            case "off", "no", "false" -> false;
            default -> throw new IllegalArgumentException("the option %s is on or off, not '%s'".formatted(name, value));
        };
    }

    public long size(String name, long otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : parseSize(value);
    }

    /** One of some words, the first of which is meant if none is given. */
    public String word(String name, String... words) {
        String value = values.getOrDefault(name, words[0]);
        if (!List.of(words).contains(value)) {
            throw new IllegalArgumentException(
                    "the option %s is %s, not '%s'".formatted(name, String.join(" or ", words), value));
        }
        return value;
    }

    /** Reads {@code 10G}, {@code 1.5M} or bytes. */
    public static long parseSize(String text) {
        Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT).replaceFirst("(?<=[KMGTPE])I?B$", ""));
        if (!size.matches() || size.group(1).length() > 18) {
            throw new IllegalArgumentException("'" + text + "' is not a size: write 10G, 512M or a number of bytes");
        }
        int shift = size.group(3).isEmpty() ? 0 : 10 * UNITS.indexOf(size.group(3));
        long whole = Long.parseLong(size.group(1));
        if (whole > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("'" + text + "' is more than can be addressed");
        }
        double fraction = size.group(2) == null ? 0 : Double.parseDouble("0." + size.group(2));
        return (whole << shift) + (long) (fraction * (1L << shift));
    }
}
