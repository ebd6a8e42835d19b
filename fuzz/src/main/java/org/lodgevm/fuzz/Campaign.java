package org.lodgevm.fuzz;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Runs a fuzzer's cases one after the other, and reports. */
public final class Campaign {
    /** The footprint to compare with is taken after this part of the time: by then classes are loaded and caches full. */
    private static final int WARM_UP = 4;

    private static final int MOST_FAILURES = 20;

    /** A case takes milliseconds; one that takes so long never ends. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    private final Fuzzer fuzzer;
    private final PrintStream out;
    private long cases;
    /** Seed and start of the case that runs, or null. */
    private volatile Started running;

    private record Started(long seed, long nanos) {}

    public Campaign(Fuzzer fuzzer, PrintStream out) {
        this.fuzzer = fuzzer;
        this.out = out;
        Thread.ofPlatform().daemon().name("fuzz-watchdog").start(this::watch);
    }

    /** Threads that hang cannot be ended, but the process can. */
    private void watch() {
        while (true) {
            LockSupport.parkNanos(PATIENCE_NANOS / 10);
            Started started = running;
            if (started != null && System.nanoTime() - started.nanos > PATIENCE_NANOS) {
                out.printf("the case with seed %d does not end%n", started.seed);
                printStacks();
                Runtime.getRuntime().halt(1);
            }
        }
    }

    /** Of virtual threads as well, which only such a file tells of. */
    private void printStacks() {
        try {
            Path stacks = Files.createTempDirectory("lodge-fuzz").resolve("stacks");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(stacks.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            out.print(Files.readString(stacks));
            Files.delete(stacks);
            Files.delete(stacks.getParent());
        } catch (IOException e) {
            out.println("no stacks: " + e);
        }
    }

    /**
     * Runs cases with consecutive seeds.
     *
     * @throws AssertionError if one fails, with its seed
     */
    public void run(long firstSeed, int count) {
        for (int i = 0; i < count; i++) {
            run(firstSeed + i);
        }
    }

    private void run(long seed) {
        running = new Started(seed, System.nanoTime());
        try {
            fuzzer.run(seed);
        } catch (Exception | Error e) {
            throw new AssertionError("the case with seed %d failed: %s".formatted(seed, e.getMessage()), e);
        } finally {
            running = null;
        }
        cases++;
    }

    /**
     * Runs cases for so long and prints what became of them; those that fail are printed, until they are too many.
     *
     * @return whether all went well, and the process did not grow
     */
    public boolean run(long firstSeed, Duration time) {
        long start = System.nanoTime();
        long failures = 0;
        Footprint warm = null;
        long nextReport = 1;
        for (long seed = firstSeed; System.nanoTime() - start < time.toNanos() && failures < MOST_FAILURES; seed++) {
            try {
                run(seed);
            } catch (AssertionError e) {
                failures++;
                e.printStackTrace(out);
            }
            long elapsed = System.nanoTime() - start;
            if (warm == null && elapsed > time.toNanos() / WARM_UP) {
                warm = Footprint.now();
                out.printf("warm: %s%n", warm);
            }
            if (elapsed > Duration.ofMinutes(nextReport).toNanos()) {
                out.printf("after %d min: %,d cases, %d failures, %s%n", nextReport, cases, failures, Footprint.now());
                nextReport++;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Footprint end = Footprint.now();
        Footprint growth = end.since(warm == null ? end : warm);
        out.printf("%,d cases in %.0f s, %.0f a second, %d failures%n%s%n", cases, seconds, cases / seconds, failures, fuzzer.summary());
        out.printf("at the end: %s%ngrowth since a %dth of the time: %s%s%n", end, WARM_UP, growth, growth.isLeak() ? ": a leak" : "");
        return failures == 0 && !growth.isLeak();
    }
}
