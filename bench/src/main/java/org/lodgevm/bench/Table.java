package org.lodgevm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A table in Markdown. */
final class Table {
    private static final String NOTHING = "-";

    private static final String LEFT = "---|";
    private static final String RIGHT = "--:|";

    private final List<String> head;
    private final String alignment;
    private final List<String> rows = new ArrayList<>();

    private Table(List<String> head, String others) {
        this.head = head;
        this.alignment = "|" + LEFT + others.repeat(head.size() - 1);
    }

    static Table ofText(List<String> head) {
        return new Table(head, LEFT);
    }

    /** With text in the first column only. */
    static Table ofNumbers(List<String> head) {
        return new Table(head, RIGHT);
    }

    void row(List<String> cells) {
        rows.add(line(cells));
    }

    /** Nothing when there are no rows. */
    List<String> lines() {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of("", line(head), alignment));
        lines.addAll(rows);
        return lines;
    }

    static String cell(OptionalDouble value, Unit unit) {
        return value.isPresent() ? unit.format(value.getAsDouble()) : NOTHING;
    }

    static String cell(OptionalDouble number, String format) {
        return number.isPresent() ? String.format(Locale.ROOT, format, number.getAsDouble()) : NOTHING;
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList()) + " |";
    }
}
