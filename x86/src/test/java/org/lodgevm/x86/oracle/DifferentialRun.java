package org.lodgevm.x86.oracle;

import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.x86.interpret.InterpreterAccelerator;
import org.lodgevm.x86.interpret.JitAccelerator;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.isa.Row;

/**
 * The long run: {@code fuzz/run differential CASES [FIRST-SEED [OPERATIONS [jit|regions]]]} compares so many
 * cases and prints what differs. {@code OPERATIONS} is a regular expression for the operations
 * wanted; {@code sequences} stands for cases of several instructions, {@code fused} for the same
 * executed as fused blocks, {@code bytes} for random bytes. {@code jit} has the translator compared, {@code regions} the same where blocks that have been executed
 * before are translated together. The exit status tells whether anything differed.
 */
public final class DifferentialRun {
    private DifferentialRun() {}

    public static void main(String[] arguments) {
        AtomicLong left = new AtomicLong(Long.parseLong(arguments[0]) / CaseRunner.CAPACITY);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        String only = arguments.length > 2 ? arguments[2] : ".*";
        String engine = arguments.length > 3 ? arguments[3] : "interpreter";
        System.out.printf("seeds from %d%n", seed);
        int lanes = Runtime.getRuntime().availableProcessors();
        long start = System.nanoTime();
        Differential.Report report =
                new Lanes(
                                lanes,
                                () -> new GuestCpu(accelerator(only, engine)),
                                features -> source(features, only))
                        .run(seed, () -> left.getAndDecrement() > 0);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%s, %.0f a second%n", report, report.cases() / seconds);
        System.exit(report.mismatches() == 0 ? 0 : 1);
    }

    private static Accelerator accelerator(String only, String engine) {
        return switch (engine) {
            case "jit" -> new JitAccelerator(0, 1 << 20);
            case "regions" -> new JitAccelerator(1, 1 << 20);
            case "interpreter" -> only.equals("fused") ? new InterpreterAccelerator(1) : new InterpreterAccelerator();
            default -> throw new IllegalArgumentException("there is no engine '%s', but interpreter, jit and regions".formatted(engine));
        };
    }

    private static CaseSource source(Set<Feature> features, String only) {
        Predicate<Row> known = row -> Features.cover(features, row);
        return switch (only) {
            case "sequences", "fused" -> new Sequences(known);
            case "bytes" -> new RandomBytes(known);
            default -> new Generator(known.and(row -> row.operation().matches(only)));
        };
    }
}
