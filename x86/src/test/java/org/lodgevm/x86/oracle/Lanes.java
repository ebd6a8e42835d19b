package org.lodgevm.x86.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Compares cases on several host CPUs at once: each lane has its own oracle and its own CPU under
 * test.
 */
final class Lanes {
    private final Supplier<CaseRunner> tested;
    private final Supplier<Generator> generators;
    private final int count;

    Lanes(int count, Supplier<CaseRunner> tested, Supplier<Generator> generators) {
        this.count = count;
        this.tested = tested;
        this.generators = generators;
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
            Differential differential = new Differential(oracle, cpu, generators.get());
            while (goOn.getAsBoolean()) {
                differential.batch(seeds.getAndAdd(CaseRunner.CAPACITY));
            }
            return differential.report();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
