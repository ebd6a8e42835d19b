package org.lodgevm.image.apt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.lodgevm.image.Host;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.apt.AptConfigurationLexer.Token;

/**
 * apt's settings on this machine, as far as they concern fetching: proxies, timeouts, checks of a Release file's dates.
 *
 * @debian apt.conf(5)
 */
public final class AptConfiguration {
    /** Files in a {@code .d} folder that apt reads: see FILES in apt.conf(5). */
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-]+|[A-Za-z0-9_.-]+\\.conf");

    private static final int DEEPEST_INCLUDE = 10;

    private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private AptConfiguration() {}

    /** No settings at all. */
    public static AptConfiguration none() {
        return new AptConfiguration();
    }

    /** Reads what there is; a machine without apt has no settings. */
    public static AptConfiguration of(Host host) {
        AptConfiguration configuration = new AptConfiguration();
        host.variable("APT_CONFIG").ifPresent(file -> configuration.read(Path.of(file), 0));
        parts(host.file("/etc/apt/apt.conf.d"), PART).forEach(file -> configuration.read(file, 0));
        configuration.read(host.file("/etc/apt/apt.conf"), 0);
        return configuration;
    }

    /** @param key scopes and name: {@code Acquire::http::Proxy} */
    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /** Whether a switch is on, in apt's words for it. */
    public boolean isOn(String key, boolean otherwise) {
        return value(key).flatMap(AptConfiguration::truth).orElse(otherwise);
    }

    /** What apt takes a word for, if it is one of those for true and false. */
    static Optional<Boolean> truth(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "yes", "true", "with", "on", "enable", "1" -> Optional.of(true);
            case "no", "false", "without", "off", "disable", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** The files of a folder that apt would read, in its order. */
    static List<Path> parts(Path folder, Pattern name) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> name.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ImageException("Cannot list " + folder + ": " + e.getMessage(), e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ImageException(
                    "Cannot read " + file + ": " + e.getMessage() + ". Make it readable as UTF-8 text", e);
        }
    }

    private void read(Path file, int depth) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        List<String> scopes = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (Token token : AptConfigurationLexer.tokens(text(file))) {
            switch (token.sign()) {
                case '{' -> scopes.add(words.isEmpty() ? "" : words.getFirst());
                case '}' -> {
                    if (!scopes.isEmpty()) {
                        scopes.removeLast();
                    }
                }
                case ';' -> statement(file, scopes, words, depth);
                default -> words.add(token.word());
            }
            if (token.sign() != Token.NONE) {
                words.clear();
            }
        }
    }

    private void statement(Path file, List<String> scopes, List<String> words, int depth) {
        if (words.size() < 2) {
            return; // the end of a block, or a member of a list: no list concerns us
        }
        switch (words.getFirst()) {
            case "#clear" -> clear(words.get(1));
            case "#include" -> include(file.resolveSibling(words.get(1)), depth + 1);
            default -> values.put(key(scopes, words.getFirst()), words.get(1));
        }
    }

    private void include(Path file, int depth) {
        if (depth > DEEPEST_INCLUDE) {
            throw new ImageException(file + " is included too deeply. Remove the circle from apt's configuration");
        }
        if (Files.isDirectory(file)) {
            parts(file, PART).forEach(part -> read(part, depth));
        } else {
            read(file, depth);
        }
    }

    private void clear(String key) {
        String below = key.toLowerCase(Locale.ROOT) + "::";
        values.keySet().removeIf(name ->
                name.equalsIgnoreCase(key) || name.toLowerCase(Locale.ROOT).startsWith(below));
    }

    private static String key(List<String> scopes, String name) {
        List<String> all = new ArrayList<>(scopes);
        all.add(name);
        return String.join("::", all);
    }
}
