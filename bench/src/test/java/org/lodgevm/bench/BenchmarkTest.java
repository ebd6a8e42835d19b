package org.lodgevm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.bench.Samples.Key;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.guest.Group;
import org.lodgevm.bench.guest.Guests;
import org.lodgevm.bench.guest.Job;
import org.lodgevm.bench.guest.Workload;

/** With shells for engines, and a script or two for guests. */
@DisabledOnOs(OS.WINDOWS)
class BenchmarkTest {
    private static final Workload FIRST = workload("first");
    private static final Workload SECOND = workload("second");
    private static final Workload THIRD = workload("third");

    @TempDir
    private Path folder;

    private final Engine one = new Shell("one");
    private final Engine two = new Shell("two");
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void setUp() throws IOException {
        Files.copy(Path.of("src/guest/main.sh"), folder.resolve("main.sh"));
        script(FIRST, "echo $1");
        script(SECOND, "echo $(($1 * 2))");
        script(THIRD, "echo right");
    }

    @Test
    void everyEngineHasATimeForEveryWorkloadInEachRun() throws Exception {
        Benchmark benchmark = run(2, Duration.ofSeconds(20), one, two);

        assertThat(benchmark.problems()).isEmpty();
        for (Workload workload : List.of(FIRST, SECOND, THIRD)) {
            assertThat(times(benchmark, workload, one)).hasSize(2).allMatch(seconds -> seconds > 0);
            assertThat(times(benchmark, workload, two)).hasSize(2);
        }
        assertThat(told).anyMatch(line -> line.contains("second") && line.endsWith("14"));
    }

    @Test
    void aResultThatDiffersFromTheFirstOneHasNoTime() throws Exception {
        script(SECOND, "echo $ENGINE");

        Benchmark benchmark = run(1, Duration.ofSeconds(20), one, two);

        assertThat(benchmark.problems()).containsExactly("second on two: \"two\" instead of \"one\"");
        assertThat(times(benchmark, SECOND, one)).hasSize(1);
        assertThat(times(benchmark, SECOND, two)).isEmpty();
        assertThat(times(benchmark, THIRD, two)).hasSize(1);
    }

    @Test
    void aScriptThatComplainsHasNoTimeAndIsNoMeasureForOthers() throws Exception {
        script(FIRST, "[ $ENGINE = one ] && echo oops >&2; echo 7");

        Benchmark benchmark = run(1, Duration.ofSeconds(20), one, two);

        assertThat(benchmark.problems()).singleElement().asString().startsWith("first on one: ").contains("failed: oops");
        assertThat(times(benchmark, FIRST, one)).isEmpty();
        assertThat(times(benchmark, FIRST, two)).hasSize(1);
    }

    @Test
    void anotherGuestGoesOnAfterOneThatHangsOrDies() throws Exception {
        script(FIRST, "exec sleep 60");
        script(SECOND, "kill -9 $GUEST");

        Benchmark benchmark = run(1, Duration.ofSeconds(4), one);

        assertThat(benchmark.problems()).satisfiesExactly(
                hung -> assertThat(hung).contains("\"end first\" did not appear within 4 s"),
                died -> assertThat(died).contains("ended before \"end second\" appeared"));
        assertThat(times(benchmark, THIRD, one)).hasSize(1);
    }

    @Test
    void anEngineThatDoesNotBootIsTriedOnce() throws Exception {
        Files.writeString(folder.resolve("main.sh"), "exit 1\n");

        Benchmark benchmark = run(1, Duration.ofSeconds(2), one);

        assertThat(benchmark.problems()).singleElement().asString().contains("ended before \"ready\" appeared");
    }

    private Benchmark run(int runs, Duration patience, Engine... engines) throws IOException, InterruptedException {
        Selection selection = new Selection(runs, List.of(1), Set.of("ash"), Workload.Amount.USUAL);
        Benchmark benchmark = new Benchmark(new NoGuests(), selection, List.of(FIRST, SECOND, THIRD), patience, told::add);
        benchmark.run(List.of(engines));
        return benchmark;
    }

    private static List<Double> times(Benchmark benchmark, Workload workload, Engine engine) {
        return benchmark.samples().all().getOrDefault(Key.of(workload, engine, 1, Unit.SECONDS), List.of());
    }

    private void script(Workload workload, String text) throws IOException {
        Files.writeString(folder.resolve(workload.name() + ".sh"), text + "\n");
    }

    private static Workload workload(String name) {
        return new Workload(name, Group.INTEGER, "%d", 7, 7, false, List.of(), List.of());
    }

    private static final class NoGuests implements Guests {
        @Override
        public Job boot(int cpus) {
            return work(cpus);
        }

        @Override
        public Job work(int cpus) {
            return new Job(Path.of("kernel"), "", Path.of("initrd"), cpus, 0);
        }

        @Override
        public Path firmware(String line) {
            return Path.of("firmware");
        }
    }

    private final class Shell implements Engine {
        private final String name;

        Shell(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String description() {
            return "a shell";
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
            return List.of(
                    "sh", "-c", "export ENGINE=$0 GUEST=$$; exec sh \"$1\"", name, folder.resolve("main.sh").toString());
        }
    }
}
