package org.lodgevm.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.lodgevm.bench.Samples.Key;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.engine.GuestProcess;
import org.lodgevm.bench.engine.Mark;
import org.lodgevm.bench.engine.MeasurementException;
import org.lodgevm.bench.guest.Guests;
import org.lodgevm.bench.guest.Job;
import org.lodgevm.bench.guest.Workload;


/** Runs everything on every engine and collects what comes out. What the guest says is in {@code bench/src/guest/main.sh}. */
final class Benchmark {
    private static final Duration TO_START = Duration.ofSeconds(20);
    private static final Duration TO_BOOT = Duration.ofSeconds(180);
    /** A guest that has just booted is not idle yet. */
    private static final Duration TO_SETTLE = Duration.ofSeconds(2);

    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final double NANOS = 1e9;
    /** What main.sh writes of a script that does, or complains. */
    private static final String FAILED = "failed: ";
    /** What main.sh takes for the end. */
    private static final String END = "";

    private final Guests guests;
    private final Selection selection;
    private final List<Workload> workloads;
    private final Duration patience;
    private final Samples samples = new Samples();
    private final List<String> problems = new ArrayList<>();
    /** What a workload printed first, which all others must print too. */
    private final Map<String, String> outputs = new HashMap<>();

    /** Who has booted before, with how many CPUs. */
    private final Set<String> learnt = new HashSet<>();

    private final Consumer<String> progress;

    /**
     * @param patience how long a workload may take
     * @param progress is told what runs now
     */
    Benchmark(
            Guests guests, Selection selection, List<Workload> workloads, Duration patience, Consumer<String> progress) {
        this.guests = guests;
        this.selection = selection;
        this.workloads = workloads;
        this.patience = patience;
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
        for (int round = 1; round <= selection.runs(); round++) {
            for (int cpus : selection.cpus()) {
                for (Engine engine : engines) {
                    String where = "%s, %d CPU%s, run %d of %d: "
                            .formatted(engine.name(), cpus, cpus == 1 ? "" : "s", round, selection.runs());
                    run(engine, cpus, where);
                }
            }
        }
    }

    private void run(Engine engine, int cpus, String where) throws IOException, InterruptedException {
        if (selection.start() && cpus == selection.cpus().getFirst()) {
            Optional<List<String>> command = engine.firmware(guests.firmware("BENCH first"));
            attempt(where + "start", command, guest -> start(guest, engine, cpus));
        }
        if (selection.boot()) {
            Job job = guests.boot(cpus);
            if (learnt.add(engine.name() + cpus)) {
                attempt(where + "learning to boot", engine.learn(job), guest -> {
                    guest.await("ready", TO_BOOT);
                    end(guest);
                });
            }
            attempt(where + "boot", engine.boot(job), guest -> boot(guest, engine, job));
        }
        // A guest that fails takes one workload with it; the next guest goes on with the others.
        Queue<Workload> left = new ArrayDeque<>(workloads);
        int before = 0;
        while (!left.isEmpty() && left.size() != before) {
            before = left.size();
            Job job = guests.work(cpus);
            attempt(where + "workloads", Optional.of(engine.work(job)), guest -> work(left, guest, engine, job));
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
            problem(what + ": " + e.getMessage());
        }
    }

    private void problem(String what) {
        progress.accept(what);
        problems.add(what);
    }

    private void start(GuestProcess guest, Engine engine, int cpus) throws InterruptedException {
        add(Figure.FIRST_INSTRUCTION, engine, cpus, since(guest.started(), guest.await("first", TO_START)));
    }

    private void boot(GuestProcess guest, Engine engine, Job job) throws IOException, InterruptedException {
        int cpus = job.cpus();
        Mark ready = guest.await("ready", TO_BOOT);
        add(Figure.BOOT, engine, cpus, since(guest.started(), ready));
        guest.hostCpuTime().ifPresent(time -> add(Figure.BOOT_CPU, engine, cpus, time.toNanos() / NANOS));
        guest.residentMemory(job.memory()).ifPresent(memory -> {
            add(Figure.OVERHEAD, engine, cpus, (double) memory.rest());
            add(Figure.GUEST_RAM, engine, cpus, (double) memory.guestRam());
        });
        Thread.sleep(TO_SETTLE);
        Optional<Duration> before = guest.hostCpuTime();
        Thread.sleep(IDLE);
        before.ifPresent(then -> guest.hostCpuTime()
                .ifPresent(now -> add(Figure.IDLE, engine, cpus, 100.0 * now.minus(then).toNanos() / IDLE.toNanos())));
        end(guest);
        engine.statistics(guest.errors())
                .forEach((name, value) -> samples.add(new Key(Selection.BOOT, engine.name(), cpus, name), value));
    }

    private void work(Queue<Workload> left, GuestProcess guest, Engine engine, Job job)
            throws IOException, InterruptedException {
        guest.await("ready", TO_BOOT);
        while (!left.isEmpty()) {
            Workload workload = left.remove();
            guest.type(workload.order(job.cpus()));
            work(workload, guest, engine, job.cpus());
        }
        guest.residentMemory(job.memory())
                .filter(memory -> memory.guestRam() > 0) // the host itself has none
                .ifPresent(memory -> add(Figure.OVERHEAD_AFTER_WORK, engine, job.cpus(), (double) memory.rest()));
        end(guest);
    }

    private static void end(GuestProcess guest) throws IOException, InterruptedException {
        guest.type(END);
        guest.await("done", TO_START);
        guest.awaitEnd();
    }

    private void work(Workload workload, GuestProcess guest, Engine engine, int cpus) throws InterruptedException {
        Mark start = guest.await("start " + workload.name(), TO_START);
        Mark end = guest.await("end " + workload.name(), patience);
        String heading = "result " + workload.name() + " ";
        String output = guest.await(heading, TO_START).text().substring(heading.length());
        double seconds = since(start.nanos(), end);
        progress.accept("  %-10s %s  %s".formatted(workload.name(), Unit.SECONDS.format(seconds), output));
        if (isRight(workload, engine, output)) {
            samples.add(Key.of(workload, engine, cpus, Unit.SECONDS), seconds);
            end.countersSince(start)
                    .forEach((counter, count) -> samples.add(Key.of(workload, engine, cpus, counter), (double) count));
        }
    }

    /** The time of a wrong result counts for nothing. */
    private boolean isRight(Workload workload, Engine engine, String output) {
        if (output.contains(FAILED)) {
            problem("%s on %s: %s".formatted(workload.name(), engine.name(), output));
            return false;
        }
        String expected = outputs.computeIfAbsent(workload.name(), _ -> output);
        if (!output.equals(expected)) {
            problem("%s on %s: \"%s\" instead of \"%s\"".formatted(workload.name(), engine.name(), output, expected));
            return false;
        }
        return true;
    }

    private void add(Figure figure, Engine engine, int cpus, double value) {
        samples.add(Key.of(figure, engine, cpus), value);
    }

    private static double since(long nanos, Mark mark) {
        return (mark.nanos() - nanos) / NANOS;
    }
}
