package org.lodgevm.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.lodgevm.bench.Samples.Key;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.guest.Workload;

/** Engines beside each other, all with the same number of CPUs. What was not measured takes part in nothing. */
final class Comparison {
    private final Samples samples;
    private final List<Engine> engines;
    private final int cpus;

    /** @param engines of which some may count instructions */
    Comparison(Samples samples, List<Engine> engines, int cpus) {
        this.samples = samples;
        this.engines = engines;
        this.cpus = cpus;
    }

    OptionalDouble median(Figure figure, Engine engine) {
        return samples.median(Key.of(figure, engine, cpus));
    }

    OptionalDouble seconds(Workload workload, Engine engine) {
        return samples.median(Key.of(workload, engine, cpus, Unit.SECONDS));
    }

    /** By whichever engine counts: the guests do the same work. */
    OptionalDouble instructions(Workload workload) {
        return engines.stream()
                .map(engine -> samples.median(Key.of(workload, engine, cpus, Unit.INSTRUCTIONS)))
                .filter(OptionalDouble::isPresent)
                .findFirst()
                .orElse(OptionalDouble.empty());
    }

    /** How many times as long one takes as another. */
    OptionalDouble ratio(Workload workload, Engine engine, Engine other) {
        return quotient(seconds(workload, engine), seconds(workload, other));
    }

    OptionalDouble ratio(Figure figure, Engine engine, Engine other) {
        return quotient(median(figure, engine), median(figure, other));
    }

    /** Of the ratios. */
    OptionalDouble geometricMean(List<Workload> workloads, Engine engine, Engine other) {
        OptionalDouble mean = workloads.stream()
                .flatMapToDouble(workload -> stream(ratio(workload, engine, other)))
                .map(Math::log)
                .average();
        return mean.isPresent() ? OptionalDouble.of(Math.exp(mean.getAsDouble())) : mean;
    }

    /** Millions of instructions a second, in all of these workloads together. */
    OptionalDouble mips(List<Workload> workloads, Engine engine) {
        double instructions = 0;
        double seconds = 0;
        for (Workload workload : workloads) {
            OptionalDouble time = seconds(workload, engine);
            OptionalDouble count = instructions(workload);
            if (time.isPresent() && count.isPresent()) {
                instructions += count.getAsDouble();
                seconds += time.getAsDouble();
            }
        }
        return seconds == 0 ? OptionalDouble.empty() : OptionalDouble.of(instructions / seconds / 1e6);
    }

    static DoubleStream stream(OptionalDouble value) {
        return value.isPresent() ? DoubleStream.of(value.getAsDouble()) : DoubleStream.empty();
    }

    private static OptionalDouble quotient(OptionalDouble dividend, OptionalDouble divisor) {
        return dividend.isPresent() && divisor.isPresent()
                ? OptionalDouble.of(dividend.getAsDouble() / divisor.getAsDouble())
                : OptionalDouble.empty();
    }
}
