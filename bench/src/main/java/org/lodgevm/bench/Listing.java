package org.lodgevm.bench;

import org.lodgevm.bench.guest.Workload;

/** What there is to measure: {@code bench/run --list}. */
final class Listing {
    private static final String LINE = "%-11s %-8s %s%n";

    private Listing() {}

    static String of(Selection selection) {
        StringBuilder lines = new StringBuilder(LINE.formatted("NAME", "GROUP", ""));
        if (selection.start()) {
            lines.append(LINE.formatted(Selection.START, "", Figure.FIRST_INSTRUCTION.title));
        }
        if (selection.boot()) {
            lines.append(LINE.formatted(Selection.BOOT, "", "Boot to shell: time, memory, idling"));
        }
        for (Workload workload : selection.workloads()) {
            lines.append(LINE.formatted(workload.name(), Selection.name(workload.group()), workload.title()));
        }
        return lines.toString();
    }
}
