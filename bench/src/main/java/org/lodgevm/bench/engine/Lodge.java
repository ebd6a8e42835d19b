package org.lodgevm.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.lodgevm.bench.guest.CountedGuest;
import org.lodgevm.bench.guest.Job;
import org.lodgevm.vm.Accelerators;

/**
 * Lodge, by the {@code lodge} command. Where the accelerator counts instructions, workloads run in a fresh JVM of the same runtime with the
 * same options, but through the embedding API, which tells the count at each mark; the command's ahead-of-time cache is then not used.
 */
public final class Lodge implements Engine {
    private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\": (-?[0-9.]+)");

    private final Path image;
    private final String accelerator;
    /** Translations of the kernel, by the number of CPUs. */
    private final Map<Integer, Path> learnt = new HashMap<>();

    /** @param image the application image, which has {@code bin/lodge} */
    public Lodge(Path image, String accelerator) {
        this.image = image;
        this.accelerator = accelerator;
    }

    @Override
    public String name() {
        return accelerator.equals(Accelerators.AUTO) ? "Lodge" : "Lodge " + accelerator;
    }

    @Override
    public String description() {
        return "lodge run " + String.join(" ", machine(1, Job.BOOT_MEMORY));
    }

    @Override
    public Optional<String> unavailable() {
        return Files.isExecutable(command()) ? Optional.empty() : Optional.of(command() + " is missing; build it with ./lodge");
    }

    @Override
    public Optional<List<String>> firmware(Path rom) {
        return Optional.of(run(1, Job.BOOT_MEMORY, List.of("--bios", rom.toString())));
    }

    /** Before it runs its own guest for the first time, {@code lodge run} does the same by itself. */
    @Override
    public Optional<List<String>> learn(Job job) {
        return Optional.of(boot(job, "--record-translations"));
    }

    @Override
    public Optional<List<String>> boot(Job job) {
        return Optional.of(boot(job, "--translations"));
    }

    private List<String> boot(Job job, String translations) {
        Path file = learnt.computeIfAbsent(job.cpus(), _ -> temporaryFile());
        return run(job, List.of("--stats", "--json", translations, file.toString()));
    }

    private List<String> run(Job job, List<String> options) {
        List<String> guest = new ArrayList<>(options);
        guest.addAll(List.of(
                "--kernel", job.kernel().toString(), "--initrd", job.initrd().toString(), "--append", job.arguments()));
        return run(job.cpus(), job.memory(), guest);
    }

    private static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("lodge-bench", ".translations");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> work(Job job) {
        return accelerator.equals(CountedGuest.COUNTS_ALL) ? counted(job) : run(job, List.of());
    }

    private List<String> counted(Job job) {
        List<String> command = new ArrayList<>(List.of(
                java().toString(), "-XX:+UseSerialGC", "-Xms16m", "-XX:+UseCompactObjectHeaders",
                "-XX:TrimNativeHeapInterval=2000", // as bin/lodge has them
                "--enable-native-access=org.lodgevm.linux,org.lodgevm.machine,org.lodgevm.x86",
                "--module-path", System.getProperty("jdk.module.path"),
                "--module", CountedGuest.class.getModule().getName() + "/" + CountedGuest.class.getName()));
        command.addAll(Arrays.asList(CountedGuest.arguments(job, accelerator)));
        return command;
    }

    /** Those of {@code lodge run --stats --json}: one line with an object of numbers. */
    @Override
    public Map<String, Double> statistics(List<String> errors) {
        Map<String, Double> statistics = new LinkedHashMap<>();
        errors.stream().filter(line -> line.startsWith("{")).flatMap(line -> NUMBER.matcher(line).results())
                .forEach(number -> statistics.put(number.group(1), Double.valueOf(number.group(2))));
        return statistics;
    }

    private Path command() {
        return image.resolve("bin").resolve("lodge");
    }

    private List<String> run(int cpus, long memory, List<String> guest) {
        List<String> command = new ArrayList<>(List.of(command().toString(), "run", "--quiet"));
        command.addAll(machine(cpus, memory));
        command.addAll(guest);
        return command;
    }

    private List<String> machine(int cpus, long memory) {
        return List.of(
                "--accel", accelerator, "--cpus", String.valueOf(cpus), "--memory", (memory >> 20) + "M", "--no-reboot");
    }

    /** The image's own runtime, or the JDK that it names instead. */
    private Path java() {
        Path runtime = image.resolve("runtime");
        try {
            Path home = Files.isDirectory(runtime) ? runtime : Path.of(Files.readString(image.resolve("jdk")).strip());
            return home.resolve("bin").resolve("java");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
