package org.lodgevm.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.lodgevm.fuzz.cpu.Corpus;
import org.lodgevm.fuzz.cpu.CpuFuzzer;
import org.lodgevm.fuzz.images.ImagesFuzzer;
import org.lodgevm.fuzz.lives.LivesFuzzer;
import org.lodgevm.fuzz.machine.MachineFuzzer;
import org.lodgevm.fuzz.nbd.NbdFuzzer;
import org.lodgevm.fuzz.network.NetworkFuzzer;
import org.lodgevm.fuzz.virtio.VirtioFuzzer;

/**
 * The command for long runs: {@code fuzz/run cpu|fs|images|lives|machine|nbd|network|virtio MINUTES [SEED [FILE...]]}. The exit status is 0, or 1 when a case failed or
 * the process grew; 64 if the command line makes no sense. The files are code for {@code cpu} to damage, instead of the JVM's libraries: kernels, firmware; or for {@code images}, small disk images beside its own.
 */
public final class Main {
    private Main() {}

    private static final int USAGE = 64;

    /**
     * What the command line asks for.
     *
     * @param minutes may be a fraction
     */
    record Order(String name, double minutes, long seed, List<Path> files) {
        static final List<String> NAMES = List.of("cpu", "fs", "images", "lives", "machine", "nbd", "network", "virtio");

        /** @throws IllegalArgumentException with one sentence, if it makes no sense */
        static Order of(List<String> arguments) {
            if (arguments.size() < 2 || !NAMES.contains(arguments.getFirst())) {
                throw new IllegalArgumentException("fuzz/run %s MINUTES [SEED [FILE...]]".formatted(String.join("|", NAMES)));
            }
            double minutes = number(arguments.get(1), Double::valueOf, "a number of minutes");
            if (!(minutes > 0 && minutes < Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("'%s' is no time to run for; give minutes, as in: fuzz/run cpu 10".formatted(arguments.get(1)));
            }
            long seed = arguments.size() > 2 ? number(arguments.get(2), Long::valueOf, "a seed, a whole number") : System.nanoTime();
            List<Path> files = arguments.stream().skip(3).map(Path::of).toList();
            files.stream().filter(file -> !Files.isReadable(file)).findFirst().ifPresent(file -> {
                throw new IllegalArgumentException("%s cannot be read".formatted(file));
            });
            return new Order(arguments.getFirst(), minutes, seed, files);
        }

        private static <T> T number(String text, Function<String, T> reader, String what) {
            try {
                return reader.apply(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'%s' is not %s; it goes: fuzz/run cpu 10 7".formatted(text, what), e);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Order order;
        try {
            order = Order.of(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("fuzz: " + e.getMessage());
            System.exit(USAGE);
            return;
        }
        System.out.printf("%s from seed %d%n", order.name, order.seed);
        boolean good;
        try (Fuzzer fuzzer = fuzzer(order.name, order.files)) {
            good = new Campaign(fuzzer, System.out).run(order.seed, Duration.ofMillis((long) (60_000 * order.minutes)));
        }
        System.exit(good ? 0 : 1);
    }

    private static Fuzzer fuzzer(String name, List<Path> files) throws Exception {
        return switch (name) {
            case "cpu" -> new CpuFuzzer(new Corpus(files));
            case "images" -> new ImagesFuzzer(files);
            case "lives" -> new LivesFuzzer();
            case "machine" -> new MachineFuzzer();
            case "nbd" -> new NbdFuzzer();
            case "network" -> new NetworkFuzzer();
            case "fs" -> VirtioFuzzer.ofSharedFolders();
            case "virtio" -> VirtioFuzzer.ofAnyDevice();
            default -> throw new AssertionError(name);
        };
    }
}
