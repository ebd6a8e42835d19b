package org.lodgevm.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.lodgevm.fuzz.cpu.Corpus;
import org.lodgevm.fuzz.cpu.CpuFuzzer;
import org.lodgevm.fuzz.lives.LivesFuzzer;
import org.lodgevm.fuzz.machine.MachineFuzzer;
import org.lodgevm.fuzz.virtio.VirtioFuzzer;

/**
 * The command for long runs: {@code fuzz/run cpu|fs|lives|machine|virtio MINUTES [SEED [FILE...]]}. The exit status is 0, or 1 when a case failed or
 * the process grew. The files are code for {@code cpu} to damage, instead of the JVM's libraries: kernels, firmware.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("fuzz/run cpu|fs|lives|machine|virtio MINUTES [SEED [FILE...]]");
            System.exit(64);
        }
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
        List<Path> files = Arrays.stream(arguments).skip(3).map(Path::of).toList();
        System.out.printf("%s from seed %d%n", arguments[0], seed);
        boolean good;
        try (Fuzzer fuzzer = fuzzer(arguments[0], files)) {
            good = new Campaign(fuzzer, System.out).run(seed, Duration.ofSeconds((long) (60 * Double.parseDouble(arguments[1]))));
        }
        System.exit(good ? 0 : 1);
    }

    private static Fuzzer fuzzer(String name, List<Path> files) throws Exception {
        return switch (name) {
            case "cpu" -> new CpuFuzzer(new Corpus(files));
            case "lives" -> new LivesFuzzer();
            case "machine" -> new MachineFuzzer();
            case "fs" -> VirtioFuzzer.ofSharedFolders();
            case "virtio" -> VirtioFuzzer.ofAnyDevice();
            default -> throw new IllegalArgumentException("no such fuzzer: " + name);
        };
    }
}
