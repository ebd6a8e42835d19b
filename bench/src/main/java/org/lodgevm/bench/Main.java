package org.lodgevm.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.lodgevm.bench.engine.Engine;
import org.lodgevm.bench.engine.Lodge;
import org.lodgevm.bench.engine.Native;
import org.lodgevm.bench.engine.Qemu;
import org.lodgevm.bench.guest.Workload;
import org.lodgevm.bench.guest.Workshop;
import org.lodgevm.image.ImageException;
import org.lodgevm.vm.Accelerators;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The command {@code bench/run}: the page goes to standard output, what happens meanwhile to standard error. */
@Command(
        name = "bench/run",
        description = "Measures Lodge, QEMU TCG and this host side by side; prints the page that is bench/RESULTS.md.",
        sortOptions = false)
public final class Main implements Callable<Integer> {
    /** Names the folder of the sources, for {@code bench/run} to set. */
    private static final String ROOT = "lodge.root";

    private static final int NO_INPUT = 66;

    @Option(
            names = {"--runs", "--repeat"},
            paramLabel = "N",
            defaultValue = "3",
            description = "Measure everything so often (${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description = "Measure only these: start, boot, workloads or groups of them, as --list has them.")
    private Set<String> only = Set.of();

    @Option(names = "--list", description = "List what there is to measure, and end.")
    private boolean list;

    @Option(
            names = "--work",
            paramLabel = "quick|usual|long",
            defaultValue = "usual",
            description = "quick: a fraction of it, to see that all of it works, not for figures; long: ten times as much, for"
                    + " the steady state (${DEFAULT-VALUE}).")
    private Workload.Amount work;

    @Option(
            names = "--cpus",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,2",
            description = "CPUs of the guests; as many copies of a workload run at once (${DEFAULT-VALUE}).")
    private List<Integer> cpus;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "180",
            description = "Give a workload up after that (${DEFAULT-VALUE}).")
    private int timeout;

    @Option(
            names = "--accel",
            split = ",",
            paramLabel = "NAME",
            defaultValue = Accelerators.AUTO,
            description = "Lodge's accelerators to measure (${DEFAULT-VALUE}).")
    private List<String> accelerators;

    @Option(
            names = "--without",
            split = ",",
            paramLabel = "native|qemu|lodge",
            description = "Leave these out.")
    private Set<String> without = Set.of();

    @Option(
            names = "--qemu-cpu",
            paramLabel = "MODEL",
            defaultValue = "max",
            description = "QEMU's CPU; max has all that it can do (${DEFAULT-VALUE}).")
    private String qemuCpu;

    @Option(names = "--json", paramLabel = "FILE", description = "Write every sample to this file, too.")
    private Path json;

    private final String commandLine;
    private final PrintStream out;
    private final PrintStream err;

    private Main(String commandLine, PrintStream out, PrintStream err) {
        this.commandLine = commandLine;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        Main main = new Main(String.join(" ", "./bench/run", String.join(" ", args)).strip(), System.out, System.err);
        CommandLine command = new CommandLine(main)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(main::explain);
        command.getCommandSpec().addOption(
                OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
        System.exit(command.execute(args));
    }

    private int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        switch (e) {
            case IllegalArgumentException usage -> throw new CommandLine.ParameterException(command, usage.getMessage());
            case ImageException image -> err.println("bench: " + image.getMessage());
            default -> throw e;
        }
        return NO_INPUT;
    }

    /** @return 1 if something went wrong on the way */
    @Override
    public Integer call() throws IOException, InterruptedException {
        Selection selection = new Selection(runs, cpus, only, work);
        if (list) {
            out.print(Listing.of(selection));
            return 0;
        }
        Path scratch = Files.createTempDirectory("lodge-bench");
        try {
            return measure(selection, scratch);
        } finally {
            delete(scratch);
        }
    }

    private int measure(Selection selection, Path scratch) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty(ROOT));
        List<String> notes = new ArrayList<>();
        Workshop workshop = new Workshop(root.resolve("bench/src/guest"), scratch, new Notes(this::say));
        List<Workload> workloads = prepare(selection, workshop, notes);
        Engine host = new Native(workshop);
        Engine qemu = new Qemu(qemuCpu);
        List<Engine> lodges = accelerators.stream()
                .<Engine>map(name -> new Lodge(root.resolve("cli/target/image"), name))
                .filter(lodge -> isWanted("lodge", lodge, notes))
                .toList();
        List<Engine> engines = new ArrayList<>();
        Stream.of(host).filter(engine -> isWanted("native", engine, notes)).forEach(engines::add);
        Stream.of(qemu).filter(engine -> isWanted("qemu", engine, notes)).forEach(engines::add);
        engines.addAll(lodges);
        Map<String, String> environment = Environment.describe(root, workshop.kernelVersion(), engines, commandLine);
        Benchmark benchmark = new Benchmark(workshop, selection, workloads, Duration.ofSeconds(timeout), this::say);
        benchmark.run(engines);
        notes.addAll(benchmark.problems());
        Report report = new Report(benchmark.samples(), host, qemu, lodges);
        out.print(report.page(environment, selection, notes));
        if (json != null) {
            Files.writeString(json, Json.of(environment, benchmark.samples(), notes));
        }
        return benchmark.problems().isEmpty() ? 0 : 1;
    }

    /** @return the workloads that can run here; the others are noted */
    private static List<Workload> prepare(Selection selection, Workshop workshop, List<String> notes)
            throws IOException, InterruptedException {
        List<Workload> workloads = new ArrayList<>();
        for (Workload workload : selection.workloads()) {
            Optional<String> obstacle = workshop.add(workload);
            obstacle.ifPresentOrElse(
                    reason -> notes.add("%s: %s".formatted(workload.name(), reason)), () -> workloads.add(workload));
        }
        return workloads;
    }

    private void say(String line) {
        err.println("bench: " + line);
    }

    private boolean isWanted(String name, Engine engine, List<String> notes) {
        if (without.contains(name)) {
            return false;
        }
        Optional<String> obstacle = engine.unavailable();
        obstacle.ifPresent(reason -> notes.add("%s: %s".formatted(engine.name(), reason)));
        return obstacle.isEmpty();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
