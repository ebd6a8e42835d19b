package org.lodgevm.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.x86.interpret.InterpreterAccelerator;
import org.lodgevm.x86.interpret.JitAccelerator;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.isa.Row;

/**
 * The interpreter against the host's CPU. {@code -Dlodge.differential.seconds=N} sets how long (40
 * by default, a minute in all), {@code -Dlodge.differential.seed=N} from which seed. {@link
 * DifferentialRun} is the same as a program, for long runs.
 */
class DifferentialTest {
    private static final int SECONDS = Integer.getInteger("lodge.differential.seconds", 40);
    private static final long SEED = Long.getLong("lodge.differential.seed", 1);
    private static final int LANES = Runtime.getRuntime().availableProcessors();

    /** How often the whole table is gone through. */
    private static final int ROUNDS = 16;

    @BeforeAll
    static void needsTheRealCpu() {
        assumeTrue(NativeCpu.unavailable() == null, NativeCpu::unavailable);
    }

    @Test
    void everyRowDoesWhatTheRealCpuDoesInEveryMode() {
        int choices = new Generator(row -> true).choices();
        AtomicLong batches = new AtomicLong((long) ROUNDS * choices / CaseRunner.CAPACITY + 1);
        Differential.Report report =
                compare(
                        known -> new Generator(known).inTurn(),
                        () -> batches.getAndDecrement() > 0);
        assertThat(choices).isGreaterThan(4000);
        assertThat(report.cases()).isGreaterThanOrEqualTo((long) ROUNDS * choices);
        assertAgreement(report);
    }

    @Test
    void randomInstructionsDoWhatTheRealCpuDoes() {
        assertAgreement(compare(Generator::new, until(SECONDS)));
    }

    @Test
    void sequencesDoWhatTheRealCpuDoes() {
        assertAgreement(compare(Sequences::new, until(Math.max(SECONDS / 4, 1))));
    }

    /** As one class a block, which otherwise only code that runs often becomes. */
    @Test
    void fusedSequencesDoWhatTheRealCpuDoes() {
        assertAgreement(
                compare(
                        new InterpreterAccelerator(1),
                        Sequences::new,
                        until(Math.max(SECONDS / 4, 1))));
    }

    @Test
    void translatedInstructionsDoWhatTheRealCpuDoes() {
        assertAgreement(compareTranslated(0, Generator::new));
    }

    @Test
    void translatedSequencesDoWhatTheRealCpuDoes() {
        assertAgreement(compareTranslated(0, Sequences::new));
    }

    /** Blocks that have been executed before are translated together. */
    @Test
    void translatedRegionsDoWhatTheRealCpuDoes() {
        assertAgreement(compareTranslated(1, Sequences::new));
    }

    /** With the translator at work on all that it can translate, after so many rounds. */
    private static Differential.Report compareTranslated(int translateAfter, Function<Predicate<Row>, CaseSource> source) {
        assumeTrue(new JitAccelerator().unavailable() == null, new JitAccelerator()::unavailable);
        return compare(new JitAccelerator(translateAfter, 1 << 20), source, until(Math.max(SECONDS / 4, 1)));
    }

    @Test
    void randomBytesAreTheInstructionsThatTheRealCpuSees() {
        assertAgreement(compare(RandomBytes::new, until(Math.max(SECONDS / 4, 1))));
    }

    private static Differential.Report compare(
            Function<Predicate<Row>, CaseSource> source, BooleanSupplier goOn) {
        return compare(new InterpreterAccelerator(), source, goOn);
    }

    private static Differential.Report compare(
            Accelerator accelerator,
            Function<Predicate<Row>, CaseSource> source,
            BooleanSupplier goOn) {
        Function<Set<Feature>, CaseSource> known =
                features -> source.apply(row -> Features.cover(features, row));
        return new Lanes(LANES, () -> new GuestCpu(accelerator), known).run(SEED, goOn);
    }

    private static BooleanSupplier until(int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        return () -> System.nanoTime() < end;
    }

    private static void assertAgreement(Differential.Report report) {
        assertThat(report.cases()).isPositive();
        assertThat(report.mismatches()).as(report.toString()).isZero();
    }
}
