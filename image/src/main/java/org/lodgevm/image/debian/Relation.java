package org.lodgevm.image.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One name in a package's relationship field, with the versions that will do.
 *
 * @param name of the package, real or virtual
 * @param operator how a version compares to {@code version}, if that matters
 * @param version nothing if any will do
 * @debian deb-src-control(5), Debian policy 7.1
 */
public record Relation(String name, Operator operator, Optional<Version> version) {
    private static final Pattern SYNTAX =
            Pattern.compile("(?<name>[a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)?"
                    + "(?:\\s*\\((?<operator><<|<=|=|>=|>>|<|>)\\s*(?<version>[^)\\s]+)\\s*\\))?"
                    + "(?:\\s*\\[[^]]*\\])?(?:\\s*<[^>]*>)*");

    /** How two versions compare. */
    public enum Operator {
        EARLIER,
        EARLIER_OR_EQUAL,
        EQUAL,
        LATER_OR_EQUAL,
        LATER;

        boolean accepts(int order) {
            return switch (this) {
                case EARLIER -> order < 0;
                case EARLIER_OR_EQUAL -> order <= 0;
                case EQUAL -> order == 0;
                case LATER_OR_EQUAL -> order >= 0;
                case LATER -> order > 0;
            };
        }
    }

    /** Any version of a package. */
    public static Relation any(String name) {
        return new Relation(name, Operator.EQUAL, Optional.empty());
    }

    /**
     * Reads a field such as {@code a (>= 1), b | c}.
     *
     * @return for each part between commas its alternatives
     * @throws IllegalArgumentException if it is malformed
     */
    public static List<List<Relation>> parse(String field) {
        List<List<Relation>> all = new ArrayList<>();
        for (String part : field.split(",")) {
            if (!part.isBlank()) {
                List<Relation> alternatives = new ArrayList<>();
                for (String alternative : part.split("\\|", -1)) {
                    alternatives.add(parseOne(alternative.strip()));
                }
                all.add(alternatives);
            }
        }
        return all;
    }

    /** Whether a version will do. */
    public boolean accepts(Version candidate) {
        return version.isEmpty() || operator.accepts(candidate.compareTo(version.get()));
    }

    @Override
    public String toString() {
        return version.map(v -> name + " (" + SIGNS[operator.ordinal()] + " " + v + ")").orElse(name);
    }

    private static final String[] SIGNS = {"<<", "<=", "=", ">=", ">>"};

    private static Relation parseOne(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no relation to a package");
        }
        Optional<Version> version = Optional.ofNullable(matcher.group("version")).map(Version::new);
        return new Relation(matcher.group("name"), operator(matcher.group("operator")), version);
    }

    /** A single {@code <} or {@code >} is the old way to write "or equal". */
    private static Operator operator(String sign) {
        return switch (sign) {
            case "<<" -> Operator.EARLIER;
            case "<=", "<" -> Operator.EARLIER_OR_EQUAL;
            case ">=", ">" -> Operator.LATER_OR_EQUAL;
            case ">>" -> Operator.LATER;
            case null, default -> Operator.EQUAL;
        };
    }
}
