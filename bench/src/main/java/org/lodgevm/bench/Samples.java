package org.lodgevm.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.guest.Workload;

/** All that was measured. */
final class Samples {
    /**
     * What a number belongs to.
     *
     * @param subject a figure's name in lower case, or a workload's
     * @param unit one of {@link Unit}, or what an engine calls what it counts
     */
    record Key(String subject, String engine, int cpus, String unit) {
        static Key of(Figure figure, Engine engine, int cpus) {
            return new Key(figure.name().toLowerCase(Locale.ROOT), engine.name(), cpus, figure.unit.label());
        }

        static Key of(Workload workload, Engine engine, int cpus, Unit unit) {
            return of(workload, engine, cpus, unit.label());
        }

        static Key of(Workload workload, Engine engine, int cpus, String unit) {
            return new Key(workload.name(), engine.name(), cpus, unit);
        }
    }

    private final Map<Key, List<Double>> values = new LinkedHashMap<>();

    void add(Key key, double value) {
        values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
    }

    /** The middle one, or the mean of the two in the middle. */
    OptionalDouble median(Key key) {
        List<Double> sorted = values.getOrDefault(key, List.of()).stream().sorted().toList();
        int size = sorted.size();
        return size == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2);
    }

    Map<Key, List<Double>> all() {
        return Collections.unmodifiableMap(values);
    }
}
