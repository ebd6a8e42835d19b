package org.lodgevm.image.apt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The traditional format of {@code sources.list}: an archive a line.
 *
 * @debian sources.list(5), "One-Line-Style Format"
 */
final class OneLineSources {
    private static final Pattern LINE =
            Pattern.compile("(?<type>deb|deb-src)\\s+(?:\\[(?<options>[^\\]]*)\\]\\s*)?(?<rest>\\S.*)");
    /** A word; brackets and quotes keep what is within them together, as in {@code cdrom:[Debian 12]/}. */
    private static final Pattern WORD = Pattern.compile("(?:\\[[^\\]]*\\]|\"[^\"]*\"|[^\\s\\[\"])+");

    private OneLineSources() {}

    static List<Source> parse(String text, String file) {
        List<Source> sources = new ArrayList<>();
        String[] lines = text.split("\r?\n");
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                parseLine(line, file + ":" + (i + 1)).ifPresent(sources::add);
            }
        }
        return sources;
    }

    private static Optional<Source> parseLine(String line, String origin) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw Sources.malformed(origin, "not \"deb [options] URI suite components\"");
        }
        if (matcher.group("type").equals("deb-src")) {
            return Optional.empty();
        }
        List<String> words =
                WORD.matcher(matcher.group("rest")).results().map(word -> word.group().replace("\"", "")).toList();
        if (words.size() < 2) {
            throw Sources.malformed(origin, "no suite");
        }
        return Sources.source(
                words.getFirst(),
                words.get(1),
                words.subList(2, words.size()),
                options(matcher.group("options"), origin),
                origin);
    }

    private static Source.Options options(String text, String origin) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : text == null || text.isBlank() ? new String[0] : text.strip().split("\\s+")) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw Sources.malformed(origin, "the option \"" + option + "\" has no value");
            }
            options.put(option.substring(0, equals), option.substring(equals + 1));
        }
        return new Source.Options(
                architectures(options),
                Optional.ofNullable(options.get("signed-by")),
                Sources.isOn(options.get("trusted")).orElse(false),
                Sources.isOn(options.get("check-valid-until")));
    }

    /** With {@code arch+=} and {@code arch-=} the machine's own list stays the base: for other machines they say nothing. */
    private static List<String> architectures(Map<String, String> options) {
        return options.containsKey("arch") ? Arrays.asList(options.get("arch").split(",")) : List.of();
    }
}
