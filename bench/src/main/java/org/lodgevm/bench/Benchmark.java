package org.lodgevm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.engine.GuestProcess;
import org.lodgevm.bench.engine.Mark;
import org.lodgevm.bench.engine.MeasurementException;
import org.lodgevm.bench.guest.Job;
import org.lodgevm.bench.guest.Workload;
import org.lodgevm.bench.guest.Workshop;

/** Runs everything on every engine and collects what comes out. What the guest says is in {@code bench/src/guest/main.sh}. */
final class Benchmark {
    private static final Duration TO_START = Duration.ofSeconds(20);
    private static final Duration TO_BOOT = Duration.ofSeconds(120);
    private static final Duration TO_WORK = Duration.ofSeconds(180);
    /** A guest that has just booted is not idle yet. */
    private static final Duration TO_SETTLE = Duration.ofSeconds(2);

    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final double NANOS = 1e9;

    private final Workshop workshop;
    private final Selection selection;
    private final List<Workload> workloads;
    private final Samples samples = new Samples();
    private final List<String> problems = new ArrayList<>();
    /** What a workload printed first, which all others must print too. */
    private final Map<String, String> outputs = new HashMap<>();

    private final Consumer<String> progress;

    /** @param progress is told what runs now */
    Benchmark(Workshop workshop, Selection selection, List<Workload> workloads, Consumer<String> progress) {
        this.workshop = workshop;
        this.selection = selection;
        this.workloads = workloads;
        this.progress = progress;
    }

    Samples samples() {
        return samples;
    }

    /** What went wrong: sentences. */
    List<String> problems() {
        return problems;
    }

    /** Engines take turns, so that what else happens on the host meets all of them. */
    void run(List<Engine> engines) throws IOException, InterruptedException {
        for (int round = 1; round <= selection.repeat(); round++) {
            for (int cpus : selection.cpus()) {
                for (Engine engine : engines) {
                    String where = "%s, %d CPU%s, round %d".formatted(engine.name(), cpus, cpus == 1 ? "" : "s", round);
                    if (selection.start() && cpus == selection.cpus().getFirst()) {
                        attempt(where + ": start", () -> start(engine, cpus));
                    }
                    if (selection.boot()) {
                        attempt(where + ": boot", () -> boot(engine, cpus));
                    }
                    if (!workloads.isEmpty()) {
                        attempt(where + ": workloads", () -> work(engine, cpus));
                    }
                }
            }
        }
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void attempt(String what, Step step) throws IOException, InterruptedException {
        progress.accept(what);
        try {
            step.run();
        } catch (MeasurementException e) {
            progress.accept(what + ": " + e.getMessage());
            problems.add(what + ": " + e.getMessage());
        }
    }

    private void start(Engine engine, int cpus) throws IOException, InterruptedException {
        Path rom = workshop.firmware("BENCH first");
        Optional<List<String>> command = engine.firmware(rom);
        if (command.isPresent()) {
            try (GuestProcess guest = new GuestProcess(command.get())) {
                add(Figure.FIRST_INSTRUCTION, engine, cpus, since(guest.started(), guest.await("first", TO_START)));
            }
        }
    }

    private void boot(Engine engine, int cpus) throws IOException, InterruptedException {
        Optional<List<String>> command = engine.boot(workshop.job(cpus, List.of()));
        if (command.isEmpty()) {
            return;
        }
        try (GuestProcess guest = new GuestProcess(command.get())) {
            Mark ready = guest.await("ready", TO_BOOT);
            add(Figure.BOOT, engine, cpus, since(guest.started(), ready));
            guest.hostCpuTime().ifPresent(time -> add(Figure.BOOT_CPU, engine, cpus, time.toNanos() / NANOS));
            guest.residentMemory().ifPresent(memory -> {
                add(Figure.OVERHEAD, engine, cpus, memory.rest());
                add(Figure.GUEST_RAM, engine, cpus, memory.guestRam());
            });
            Thread.sleep(TO_SETTLE);
            Optional<Duration> before = guest.hostCpuTime();
            Thread.sleep(IDLE);
            before.ifPresent(then -> guest.hostCpuTime().ifPresent(now -> add(
                    Figure.IDLE, engine, cpus, 100.0 * now.minus(then).toNanos() / IDLE.toNanos())));
            guest.proceed();
            guest.await("done", TO_WORK);
            guest.proceed();
            guest.awaitEnd();
        }
    }

    private void work(Engine engine, int cpus) throws IOException, InterruptedException {
        Job job = workshop.job(cpus, workloads.stream().map(Workload::name).toList());
        try (GuestProcess guest = new GuestProcess(engine.work(job))) {
            guest.await("ready", TO_BOOT).instructions()
                    .ifPresent(count -> add(Figure.BOOT_INSTRUCTIONS, engine, cpus, count));
            guest.proceed();
            for (Workload workload : workloads) {
                work(workload, guest, engine, cpus);
            }
            guest.await("done", TO_WORK);
            if (engine.boot(job).isPresent()) {
                guest.residentMemory().ifPresent(memory -> add(Figure.OVERHEAD_AFTER_WORK, engine, cpus, memory.rest()));
            }
            guest.proceed();
            guest.awaitEnd();
        }
    }

    private void work(Workload workload, GuestProcess guest, Engine engine, int cpus) throws InterruptedException {
        Mark start = guest.await("start " + workload.name(), TO_WORK);
        Mark end = guest.await("end " + workload.name(), TO_WORK);
        String heading = "result " + workload.name() + " ";
        String output = guest.await(heading, TO_WORK).text().substring(heading.length());
        String expected = outputs.computeIfAbsent(workload.name(), _ -> output);
        if (!output.equals(expected) || output.contains("failed")) {
            problems.add("%s, %d CPUs: %s printed \"%s\", expected \"%s\""
                    .formatted(engine.name(), cpus, workload.name(), output, expected));
        }
        samples.add(Samples.Key.of(workload, engine, cpus, Unit.SECONDS), since(start.nanos(), end));
        if (start.instructions().isPresent() && end.instructions().isPresent()) {
            samples.add(
                    Samples.Key.of(workload, engine, cpus, Unit.INSTRUCTIONS),
                    end.instructions().getAsLong() - start.instructions().getAsLong());
        }
    }

    private void add(Figure figure, Engine engine, int cpus, double value) {
        samples.add(Samples.Key.of(figure, engine, cpus), value);
    }

    private static double since(long nanos, Mark mark) {
        return (mark.nanos() - nanos) / NANOS;
    }
}
