package org.lodgevm.x86.oracle;

import org.lodgevm.x86.interpret.InterpreterAccelerator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The long run: {@code DifferentialRun CASES [FIRST-SEED [OPERATIONS]]} compares so many cases, of
 * the operations that the regular expression matches, and prints what differs. The exit status
 * tells whether anything did.
 */
public final class DifferentialRun {
    private DifferentialRun() {}

    public static void main(String[] arguments) {
        AtomicLong left = new AtomicLong(Long.parseLong(arguments[0]) / CaseRunner.CAPACITY);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        String only = arguments.length > 2 ? arguments[2] : ".*";
        System.out.printf("seeds from %d%n", seed);
        Lanes lanes =
                new Lanes(
                        Runtime.getRuntime().availableProcessors(),
                        () -> new GuestCpu(new InterpreterAccelerator()),
                        () -> new Generator(row -> row.operation().matches(only)));
        long start = System.nanoTime();
        Differential.Report report = lanes.run(seed, () -> left.getAndDecrement() > 0);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%s, %.0f a second%n", report, report.cases() / seconds);
        System.exit(report.mismatches() == 0 ? 0 : 1);
    }
}
