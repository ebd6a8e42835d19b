package org.lodgevm.x86.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.lodgevm.x86.isa.Feature;

/**
 * Compares cases on several host CPUs at once: each lane has its own oracle and its own CPU under
 * test.
 */
final class Lanes {
    private final Supplier<CaseRunner> tested;
    private final Function<Set<Feature>, CaseSource> sources;
    private final int count;

    /**
     * @param tested makes a CPU under test
     * @param sources makes a source of cases, given the features that both CPUs have
     */
    Lanes(int count, Supplier<CaseRunner> tested, Function<Set<Feature>, CaseSource> sources) {
        this.count = count;
        this.tested = tested;
        this.sources = sources;
    }

    /** Runs batch after batch, of consecutive seeds, as long as {@code goOn} says so. */
    Differential.Report run(long firstSeed, BooleanSupplier goOn) {
        AtomicLong seeds = new AtomicLong(firstSeed);
        List<CompletableFuture<Differential.Report>> lanes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lanes.add(
                    CompletableFuture.supplyAsync(
                            () -> lane(seeds, goOn), task -> Thread.ofPlatform().start(task)));
        }
        return lanes.stream()
                .map(CompletableFuture::join)
                .reduce(Differential.Report.NONE, Differential.Report::plus);
    }

    private Differential.Report lane(AtomicLong seeds, BooleanSupplier goOn) {
        try (CaseRunner oracle = new NativeCpu();
                CaseRunner cpu = tested.get()) {
            CaseSource source = sources.apply(Features.common(oracle, cpu));
            Differential differential = new Differential(oracle, cpu, source, (input, expected) -> true);
            while (goOn.getAsBoolean()) {
                differential.batch(seeds.getAndAdd(CaseRunner.CAPACITY));
            }
            return differential.report();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
