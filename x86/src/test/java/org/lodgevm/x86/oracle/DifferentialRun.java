package org.lodgevm.x86.oracle;

import org.lodgevm.x86.interpret.InterpreterAccelerator;

import java.io.IOException;

/**
 * The long run: {@code DifferentialRun CASES [FIRST-SEED [OPERATION]]} compares so many cases and
 * prints what differs.
 */
final class DifferentialRun {
    private DifferentialRun() {}

    public static void main(String[] arguments) throws IOException {
        long count = Long.parseLong(arguments[0]);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        String only = arguments.length > 2 ? arguments[2] : null;
        Generator generator = new Generator(row -> only == null || row.operation().matches(only));
        System.out.printf("%d rows and modes, seeds from %d%n", generator.choices(), seed);
        try (NativeCpu oracle = new NativeCpu();
                GuestCpu tested = new GuestCpu(new InterpreterAccelerator())) {
            Differential differential = new Differential(oracle, tested, generator);
            long start = System.nanoTime();
            for (long done = 0; done < count; done += CaseRunner.CAPACITY) {
                differential.batch(seed + done);
            }
            Differential.Report report = differential.report();
            report.examples().forEach((kind, example) -> System.out.println(kind + "\n" + example));
            report.waived()
                    .forEach((reason, times) -> System.out.println(times + " waived: " + reason));
            System.out.printf(
                    "%d cases, %d differ, %.0f a second%n",
                    report.cases(),
                    report.mismatches(),
                    report.cases() * 1e9 / (System.nanoTime() - start));
        }
    }
}
