package org.lodgevm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.lodgevm.bench.Samples.Key;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.guest.Workload;

/** The page for people, in Markdown: medians. */
final class Report {
    private static final String NOTHING = "-";

    private final Samples samples;
    private final List<Engine> references;
    private final Engine baseline;
    private final List<Engine> compared;

    /**
     * @param references engines of which only the time is of interest
     * @param baseline what the others are compared with
     */
    Report(Samples samples, List<Engine> references, Engine baseline, List<Engine> compared) {
        this.samples = samples;
        this.references = references;
        this.baseline = baseline;
        this.compared = compared;
    }

    /** @param notes sentences for the end: what was left out, what went wrong */
    String page(Map<String, String> environment, Selection selection, List<String> notes) {
        List<String> lines = new ArrayList<>(List.of("# Whole guests, side by side with QEMU", ""));
        lines.add("Medians of %d. How it is measured: [README.md](README.md).".formatted(selection.repeat()));
        lines.add("");
        lines.add(row(List.of("", "")));
        lines.add("|---|---|");
        environment.forEach((heading, value) -> lines.add(row(List.of(heading, value))));
        for (int cpus : selection.cpus()) {
            lines.add("");
            lines.add("## %d CPU%s".formatted(cpus, cpus == 1 ? "" : "s"));
            lines.addAll(figures(cpus));
            lines.addAll(workloads(selection.workloads(), cpus));
        }
        if (!notes.isEmpty()) {
            lines.addAll(List.of("", "## Left out, or wrong", ""));
            notes.forEach(note -> lines.add("- " + note));
        }
        return String.join("\n", lines) + "\n";
    }

    private List<String> figures(int cpus) {
        List<Engine> engines = joined(List.of(baseline), compared);
        List<String> head = new ArrayList<>(List.of("Machine"));
        engines.forEach(engine -> head.add(engine.name()));
        head.add("wanted of Lodge");
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : Figure.values()) {
            List<OptionalDouble> medians = engines.stream().map(engine -> samples.median(Key.of(figure, engine, cpus))).toList();
            if (medians.stream().anyMatch(OptionalDouble::isPresent)) {
                List<String> cells = new ArrayList<>(List.of(figure.title));
                medians.forEach(median -> cells.add(format(median, figure.unit)));
                cells.add(figure.wanted);
                rows.add(cells);
            }
        }
        return table(head, rows);
    }

    private List<String> workloads(List<Workload> workloads, int cpus) {
        List<Engine> guests = joined(List.of(baseline), compared);
        List<Engine> engines = joined(references, guests);
        List<String> head = new ArrayList<>(List.of("Workload"));
        engines.forEach(engine -> head.add(engine.name()));
        compared.forEach(engine -> head.add(engine.name() + " / " + baseline.name()));
        head.add("instructions");
        guests.forEach(engine -> head.add("MIPS of " + engine.name()));
        List<List<String>> rows = new ArrayList<>();
        List<Workload> measured = workloads.stream().filter(workload -> engines.stream()
                .anyMatch(engine -> seconds(workload, engine, cpus).isPresent())).toList();
        for (Workload workload : measured) {
            List<String> cells = new ArrayList<>(List.of(workload.title()));
            engines.forEach(engine -> cells.add(format(seconds(workload, engine, cpus), Unit.SECONDS)));
            compared.forEach(engine -> cells.add(times(ratios(List.of(workload), engine, cpus).average())));
            cells.add(format(instructions(workload, cpus), Unit.INSTRUCTIONS));
            guests.forEach(engine -> cells.add(mips(List.of(workload), engine, cpus)));
            rows.add(cells);
        }
        if (measured.size() > 1) {
            List<String> cells = new ArrayList<>(List.of("**all**: geometric mean, MIPS of the sum"));
            engines.forEach(_ -> cells.add(""));
            compared.forEach(engine -> cells.add(times(geometricMean(measured, engine, cpus))));
            cells.add("");
            guests.forEach(engine -> cells.add(mips(measured, engine, cpus)));
            rows.add(cells);
        }
        return table(head, rows);
    }

    private OptionalDouble seconds(Workload workload, Engine engine, int cpus) {
        return samples.median(Key.of(workload, engine, cpus, Unit.SECONDS));
    }

    /** By whichever engine counts: the guests do the same work. */
    private OptionalDouble instructions(Workload workload, int cpus) {
        return compared.stream()
                .map(engine -> samples.median(Key.of(workload, engine, cpus, Unit.INSTRUCTIONS)))
                .filter(OptionalDouble::isPresent)
                .findFirst()
                .orElse(OptionalDouble.empty());
    }

    private DoubleStream ratios(List<Workload> workloads, Engine engine, int cpus) {
        return workloads.stream().flatMapToDouble(workload -> {
            OptionalDouble here = seconds(workload, engine, cpus);
            OptionalDouble there = seconds(workload, baseline, cpus);
            return here.isPresent() && there.isPresent()
                    ? DoubleStream.of(here.getAsDouble() / there.getAsDouble())
                    : DoubleStream.empty();
        });
    }

    private OptionalDouble geometricMean(List<Workload> workloads, Engine engine, int cpus) {
        OptionalDouble mean = ratios(workloads, engine, cpus).map(Math::log).average();
        return mean.isPresent() ? OptionalDouble.of(Math.exp(mean.getAsDouble())) : mean;
    }

    private String mips(List<Workload> workloads, Engine engine, int cpus) {
        double instructions = 0;
        double seconds = 0;
        for (Workload workload : workloads) {
            OptionalDouble time = seconds(workload, engine, cpus);
            OptionalDouble count = instructions(workload, cpus);
            if (time.isPresent() && count.isPresent()) {
                instructions += count.getAsDouble();
                seconds += time.getAsDouble();
            }
        }
        return seconds == 0 ? NOTHING : String.format(Locale.ROOT, "%.0f", instructions / seconds / 1e6);
    }

    private static String times(OptionalDouble ratio) {
        return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : NOTHING;
    }

    private static String format(OptionalDouble value, Unit unit) {
        return value.isPresent() ? unit.format(value.getAsDouble()) : NOTHING;
    }

    private static List<Engine> joined(List<Engine> some, List<Engine> more) {
        List<Engine> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** Nothing when there are no rows. Numbers are aligned to the right. */
    private static List<String> table(List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of("", row(head), "|---|" + "--:|".repeat(head.size() - 1)));
        rows.forEach(cells -> lines.add(row(cells)));
        return lines;
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList()) + " |";
    }
}
