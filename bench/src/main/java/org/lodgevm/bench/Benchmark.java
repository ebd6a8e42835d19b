package org.lodgevm.bench;

import java.io.IOException;
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
    /** What main.sh writes for a script that does. */
    private static final String FAILED = "failed: status";

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
                    run(engine, cpus, "%s, %d CPU%s, round %d: ".formatted(engine.name(), cpus, cpus == 1 ? "" : "s", round));
                }
            }
        }
    }

    private void run(Engine engine, int cpus, String where) throws IOException, InterruptedException {
        if (selection.start() && cpus == selection.cpus().getFirst()) {
            Optional<List<String>> command = engine.firmware(workshop.firmware("BENCH first"));
            attempt(where + "start", command, guest -> start(guest, engine, cpus));
        }
        if (selection.boot()) {
            Optional<List<String>> command = engine.boot(workshop.job(cpus, List.of()));
            attempt(where + "boot", command, guest -> boot(guest, engine, cpus));
        }
        if (!workloads.isEmpty()) {
            Job job = workshop.job(cpus, workloads.stream().map(Workload::name).toList());
            attempt(where + "workloads", Optional.of(engine.work(job)), guest -> work(guest, engine, cpus));
        }
    }

    private interface Step {
        void with(GuestProcess guest) throws IOException, InterruptedException;
    }

    /** Nothing to do if there is no command. A failure is noted, and the rest goes on. */
    private void attempt(String what, Optional<List<String>> command, Step step) throws IOException, InterruptedException {
        if (command.isEmpty()) {
            return;
        }
        progress.accept(what);
        try (GuestProcess guest = new GuestProcess(command.get())) {
            step.with(guest);
        } catch (MeasurementException e) {
            progress.accept(what + ": " + e.getMessage());
            problems.add(what + ": " + e.getMessage());
        }
    }

    private void start(GuestProcess guest, Engine engine, int cpus) throws InterruptedException {
        add(Figure.FIRST_INSTRUCTION, engine, cpus, since(guest.started(), guest.await("first", TO_START)));
    }

    private void boot(GuestProcess guest, Engine engine, int cpus) throws IOException, InterruptedException {
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
        before.ifPresent(then -> guest.hostCpuTime()
                .ifPresent(now -> add(Figure.IDLE, engine, cpus, 100.0 * now.minus(then).toNanos() / IDLE.toNanos())));
        guest.proceed();
        end(guest);
    }

    private void work(GuestProcess guest, Engine engine, int cpus) throws IOException, InterruptedException {
        guest.await("ready", TO_BOOT).instructions().ifPresent(count -> add(Figure.BOOT_INSTRUCTIONS, engine, cpus, count));
        guest.proceed();
        for (Workload workload : workloads) {
            work(workload, guest, engine, cpus);
        }
        guest.residentMemory()
                .filter(memory -> memory.guestRam() > 0) // the host itself has none
                .ifPresent(memory -> add(Figure.OVERHEAD_AFTER_WORK, engine, cpus, memory.rest()));
        end(guest);
    }

    private static void end(GuestProcess guest) throws IOException, InterruptedException {
        guest.await("done", TO_WORK);
        guest.proceed();
        guest.awaitEnd();
    }

    private void work(Workload workload, GuestProcess guest, Engine engine, int cpus) throws InterruptedException {
        Mark start = guest.await("start " + workload.name(), TO_WORK);
        Mark end = guest.await("end " + workload.name(), TO_WORK);
        String heading = "result " + workload.name() + " ";
        String output = guest.await(heading, TO_WORK).text().substring(heading.length());
        String expected = outputs.computeIfAbsent(workload.name(), _ -> output);
        if (output.contains(FAILED)) {
            problems.add("%s on %s: %s".formatted(workload.name(), engine.name(), output));
        } else if (!output.equals(expected)) {
            problems.add("%s on %s: \"%s\" instead of \"%s\"".formatted(workload.name(), engine.name(), output, expected));
        }
        samples.add(Samples.Key.of(workload, engine, cpus, Unit.SECONDS), since(start.nanos(), end));
        if (start.instructions().isPresent() && end.instructions().isPresent()) {
            long executed = end.instructions().getAsLong() - start.instructions().getAsLong();
            samples.add(Samples.Key.of(workload, engine, cpus, Unit.INSTRUCTIONS), (double) executed);
        }
    }

    private void add(Figure figure, Engine engine, int cpus, double value) {
        samples.add(Samples.Key.of(figure, engine, cpus), value);
    }

    private void add(Figure figure, Engine engine, int cpus, long count) {
        add(figure, engine, cpus, (double) count);
    }

    private static double since(long nanos, Mark mark) {
        return (mark.nanos() - nanos) / NANOS;
    }
}
