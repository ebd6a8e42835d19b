package org.lodgevm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A table in Markdown: text in the first column, numbers in the others. */
final class Table {
    private static final String NOTHING = "-";

    private final List<String> head;
    private final List<String> rows = new ArrayList<>();

    Table(List<String> head) {
        this.head = head;
    }

    void row(List<String> cells) {
        rows.add(line(cells));
    }

    /** Nothing when there are no rows. */
    List<String> lines() {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of("", line(head), "|---|" + "--:|".repeat(head.size() - 1)));
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
