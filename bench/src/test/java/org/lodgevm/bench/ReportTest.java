package org.lodgevm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lodgevm.bench.Samples.Key;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.guest.Job;
import org.lodgevm.bench.guest.Workload;
import org.lodgevm.bench.guest.Workloads;

class ReportTest {
    private static final Engine HOST = new Named("host");
    private static final Engine QEMU = new Named("QEMU");
    private static final Engine LODGE = new Named("Lodge");
    private static final Workload CORE = workload("core");
    private static final Workload SHA = workload("sha256sum");
    private static final Workload FORK = workload("fork");

    private final Samples samples = new Samples();

    @Test
    void aFigureStandsBesideWhatIsWanted() {
        samples.add(Key.of(Figure.BOOT, QEMU, 1), 2.5);
        samples.add(Key.of(Figure.BOOT, LODGE, 1), 10);

        assertThat(lines()).contains("| Boot to shell, wall | 2.50 s | 10.00 s | under 20 s |");
    }

    @Test
    void figuresThatWereNotMeasuredHaveNoRow() {
        samples.add(Key.of(Figure.BOOT, QEMU, 1), 2.5);

        assertThat(lines()).noneMatch(line -> line.contains("Resident"));
    }

    @Test
    void mipsFollowFromInstructionsThatAnEngineCounted() {
        measure(CORE, 0.25, 2, 8);
        samples.add(Key.of(CORE, LODGE, 1, Unit.INSTRUCTIONS), 1600e6);

        assertThat(lines()).contains(
                head(CORE) + " | 0.25 s | 2.00 s | 8.00 s | 4.00 | 32.00 | 1600 million | 800 | 200 |");
    }

    @Test
    void aGroupEndsWithItsGeometricMeansAndTheMipsOfItsSum() {
        measure(CORE, 0.25, 2, 8);
        measure(SHA, 0.25, 2, 2);
        samples.add(Key.of(CORE, LODGE, 1, Unit.INSTRUCTIONS), 1600e6);
        samples.add(Key.of(SHA, LODGE, 1, Unit.INSTRUCTIONS), 400e6);

        assertThat(lines()).anyMatch(line ->
                line.startsWith("| **integer**") && line.endsWith("|  |  |  | 2.00 | 16.00 |  | 500 | 200 |"));
    }

    @Test
    void eachGroupHasAMeanOfItsOwnBesideWhatIsWanted() {
        measure(CORE, 0.25, 2, 8);
        measure(SHA, 0.25, 2, 2);
        measure(FORK, 1, 4, 2);

        assertThat(lines()).contains(
                "| integer (2) | 2.00 | ≤ 0.65 | 16.00 | ≤ 2.50 |",
                "| system calls and fork (1) | 0.50 | ≤ 1.00 | 2.00 |  |",
                "| the slowest program | core 4.00 | ≤ 1.20 | core 32.00 |  |");
    }

    @Test
    void bootingIsComparedToo() {
        samples.add(Key.of(Figure.BOOT, QEMU, 1), 2);
        samples.add(Key.of(Figure.BOOT, LODGE, 1), 3);

        assertThat(lines()).contains("| boot to shell | 1.50 | ≤ 1.00 |  |  |");
    }

    @Test
    void whatIsMissingIsADash() {
        samples.add(Key.of(CORE, LODGE, 1, Unit.SECONDS), 8);

        assertThat(lines()).contains(head(CORE) + " | - | - | 8.00 s | - | - | - | - | - |");
    }

    @Test
    void whatCountsInOneNumberOfCpusDoesNotInAnother() {
        samples.add(Key.of(CORE, LODGE, 2, Unit.SECONDS), 8);

        assertThat(lines()).noneMatch(line -> line.startsWith(head(CORE)));
    }

    @Test
    void notesStandAtTheEnd() {
        assertThat(lines()).endsWith("- there is no gcc");
    }

    @Test
    void factsOfTheEnvironmentCannotBreakTheTable() {
        assertThat(lines()).contains("| CPU | a\\|b |");
    }

    private void measure(Workload workload, double host, double qemu, double lodge) {
        samples.add(Key.of(workload, HOST, 1, Unit.SECONDS), host);
        samples.add(Key.of(workload, QEMU, 1, Unit.SECONDS), qemu);
        samples.add(Key.of(workload, LODGE, 1, Unit.SECONDS), lodge);
    }

    private List<String> lines() {
        return new Report(samples, HOST, QEMU, List.of(LODGE))
                .page(Map.of("CPU", "a|b"), new Selection(1, List.of(1), Set.of(), Workload.Amount.USUAL), List.of("there is no gcc"))
                .lines()
                .toList();
    }

    private static Workload workload(String name) {
        return Workloads.ALL.stream().filter(workload -> workload.name().equals(name)).findFirst().orElseThrow();
    }

    private static String head(Workload workload) {
        return "| `%s` %s".formatted(workload.name(), workload.title());
    }

    private record Named(String name) implements Engine {
        @Override
        public String description() {
            return name;
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public Optional<List<String>> firmware(Path rom) {
            return Optional.empty();
        }

        @Override
        public Optional<List<String>> boot(Job job) {
            return Optional.empty();
        }

        @Override
        public List<String> work(Job job) {
            return List.of();
        }
    }
}
