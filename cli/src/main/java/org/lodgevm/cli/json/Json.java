package org.lodgevm.cli.json;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes maps, collections, strings, numbers and booleans as JSON, indented. */
public final class Json {
    private static final int STEP = 4;

    private Json() {}

    public static String of(Object value) {
        return write(value, "\n");
    }

    private static String write(Object value, String line) {
        String inner = line + " ".repeat(STEP);
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map when map.isEmpty() -> "{}";
            case Map<?, ?> map -> map.entrySet().stream()
                    .map(entry -> inner + quote(entry.getKey().toString()) + ": " + write(entry.getValue(), inner))
                    .collect(Collectors.joining(",", "{", line + "}"));
            case Collection<?> list when list.isEmpty() -> "[]";
            case Collection<?> list -> list.stream()
                    .map(element -> inner + write(element, inner))
                    .collect(Collectors.joining(",", "[", line + "]"));
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            default -> quote(value.toString());
        };
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                default -> quoted.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }
}
