package org.lodgevm.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.guest.Group;
import org.lodgevm.bench.guest.Workload;

/** The page for people, in Markdown: medians, how many times as long Lodge takes, and what issues 2 and 3 want of it. */
final class Report {
    private static final String RATIO = "%.2f";
    private static final String WHOLE = "%.0f";
    private static final String AT_MOST = "≤ %.2f";
    /** No workload may take longer, by the baseline's time. */
    private static final double SLOWEST = 1.2;

    private final Samples samples;
    private final Engine host;
    private final Engine baseline;
    private final List<Engine> compared;
    private final List<Engine> guests;
    private final List<Engine> all;

    /**
     * @param host the hardware without a guest
     * @param baseline what the others are compared with
     */
    Report(Samples samples, Engine host, Engine baseline, List<Engine> compared) {
        this.samples = samples;
        this.host = host;
        this.baseline = baseline;
        this.compared = compared;
        this.guests = Stream.concat(Stream.of(baseline), compared.stream()).toList();
        this.all = Stream.concat(Stream.of(host), guests.stream()).toList();
    }

    /** @param notes sentences for the end: what was left out, what went wrong */
    String page(Map<String, String> environment, Selection selection, List<String> notes) {
        List<String> lines = new ArrayList<>(List.of("# Whole guests, side by side with QEMU", ""));
        lines.add("Medians of %d%s. How it is measured: [README.md](README.md)."
                .formatted(selection.runs(), selection.amount().remark()));
        Table facts = Table.ofText(List.of("", ""));
        environment.forEach((heading, value) -> facts.row(List.of(heading, value)));
        lines.addAll(facts.lines());
        for (int cpus : selection.cpus()) {
            Comparison comparison = new Comparison(samples, compared, cpus);
            List<Workload> measured = selection.workloads().stream()
                    .filter(workload -> all.stream().anyMatch(engine -> comparison.seconds(workload, engine).isPresent()))
                    .toList();
            lines.add("");
            lines.add("## %d CPU%s".formatted(cpus, cpus == 1 ? "" : "s"));
            lines.addAll(summary(measured, comparison));
            lines.addAll(figures(comparison));
            lines.addAll(workloads(measured, comparison));
        }
        if (!notes.isEmpty()) {
            lines.addAll(List.of("", "## Left out, or wrong", ""));
            notes.forEach(note -> lines.add("- " + note));
        }
        return String.join("\n", lines) + "\n";
    }

    /** Geometric means of the groups, each beside what is wanted. */
    private List<String> summary(List<Workload> measured, Comparison comparison) {
        Table table = Table.ofNumbers(head("Geometric means", List.of(), List.of("wanted")));
        for (Group group : Group.values()) {
            List<Workload> members = members(group, measured);
            if (!members.isEmpty()) {
                List<String> cells = new ArrayList<>(List.of("%s (%d)".formatted(group.title(), members.size())));
                addRatios(cells, members, comparison, baseline);
                cells.add(wanted(group.wantedByBaseline()));
                addRatios(cells, members, comparison, host);
                cells.add(wanted(group.wantedByNative()));
                table.row(cells);
            }
        }
        if (guests.stream().anyMatch(engine -> comparison.median(Figure.BOOT, engine).isPresent())) {
            List<String> cells = new ArrayList<>(List.of("boot to shell"));
            compared.forEach(engine -> cells.add(Table.cell(comparison.ratio(Figure.BOOT, engine, baseline), RATIO)));
            cells.add(wanted(OptionalDouble.of(1)));
            compared.forEach(_ -> cells.add(""));
            cells.add("");
            table.row(cells);
        }
        if (!measured.isEmpty()) {
            List<String> cells = new ArrayList<>(List.of("the slowest program"));
            compared.forEach(engine -> cells.add(slowest(measured, engine, baseline, comparison)));
            cells.add(wanted(OptionalDouble.of(SLOWEST)));
            compared.forEach(engine -> cells.add(slowest(measured, engine, host, comparison)));
            cells.add("");
            table.row(cells);
        }
        return table.lines();
    }

    private List<String> figures(Comparison comparison) {
        List<String> head = new ArrayList<>(List.of("Machine"));
        guests.forEach(engine -> head.add(engine.name()));
        head.add("wanted of Lodge");
        Table table = Table.ofNumbers(head);
        for (Figure figure : Figure.values()) {
            List<OptionalDouble> medians = guests.stream().map(engine -> comparison.median(figure, engine)).toList();
            if (medians.stream().anyMatch(OptionalDouble::isPresent)) {
                List<String> cells = new ArrayList<>(List.of(figure.title));
                medians.forEach(median -> cells.add(Table.cell(median, figure.unit)));
                cells.add(figure.wanted);
                table.row(cells);
            }
        }
        return table.lines();
    }

    private List<String> workloads(List<Workload> measured, Comparison comparison) {
        List<String> head = head("Workload", all, List.of());
        head.add("instructions");
        guests.forEach(engine -> head.add("MIPS of " + engine.name()));
        Table table = Table.ofNumbers(head);
        for (Group group : Group.values()) {
            List<Workload> members = members(group, measured);
            members.forEach(workload -> {
                List<String> cells = new ArrayList<>(List.of("`%s` %s".formatted(workload.name(), workload.title())));
                all.forEach(engine -> cells.add(Table.cell(comparison.seconds(workload, engine), Unit.SECONDS)));
                finish(cells, List.of(workload), Table.cell(comparison.instructions(workload), Unit.INSTRUCTIONS), comparison);
                table.row(cells);
            });
            if (members.size() > 1) {
                List<String> cells = new ArrayList<>(List.of("**%s**: geometric mean, MIPS of the sum".formatted(group.title())));
                all.forEach(_ -> cells.add(""));
                finish(cells, members, "", comparison);
                table.row(cells);
            }
        }
        return table.lines();
    }

    /** The cells from the ratios on. */
    private void finish(List<String> cells, List<Workload> workloads, String instructions, Comparison comparison) {
        addRatios(cells, workloads, comparison, baseline);
        addRatios(cells, workloads, comparison, host);
        cells.add(instructions);
        guests.forEach(engine -> cells.add(Table.cell(comparison.mips(workloads, engine), WHOLE)));
    }

    private void addRatios(List<String> cells, List<Workload> workloads, Comparison comparison, Engine other) {
        compared.forEach(engine -> cells.add(Table.cell(comparison.geometricMean(workloads, engine, other), RATIO)));
    }

    /** The times of engines, and the ratios to the baseline and to the host. */
    private List<String> head(String first, List<Engine> engines, List<String> afterRatios) {
        List<String> head = new ArrayList<>(List.of(first));
        engines.forEach(engine -> head.add(engine.name()));
        for (Engine other : List.of(baseline, host)) {
            compared.forEach(engine -> head.add(engine.name() + " / " + other.name()));
            head.addAll(afterRatios);
        }
        return head;
    }

    private static List<Workload> members(Group group, List<Workload> workloads) {
        return workloads.stream().filter(workload -> workload.group() == group).toList();
    }

    private static String slowest(List<Workload> workloads, Engine engine, Engine other, Comparison comparison) {
        return workloads.stream()
                .filter(workload -> comparison.ratio(workload, engine, other).isPresent())
                .max(Comparator.comparingDouble(workload -> comparison.ratio(workload, engine, other).getAsDouble()))
                .map(workload -> "%s %s".formatted(workload.name(), Table.cell(comparison.ratio(workload, engine, other), RATIO)))
                .orElse("-");
    }

    private static String wanted(OptionalDouble limit) {
        return limit.isPresent() ? Table.cell(limit, AT_MOST) : "";
    }
}
